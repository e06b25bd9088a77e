-- Mentors and mentees over the townships and villages of a city, each in turn in one of them.
WITH places AS (
    SELECT array_agg(id ORDER BY md5(id::text)) AS ids, count(*)::int AS n FROM units_unit
    WHERE kind IN ('township', 'village')
), made AS (
    SELECT i, i <= %(mentors)s AS is_mentor, uuidv7() AS id, u.*
    FROM generate_series(1, %(mentors)s + %(mentees)s) AS i, places, LATERAL (
        SELECT id AS unit_id, province_id, city_id, county_id, township_id FROM units_unit
        WHERE id = places.ids[1 + i %% places.n]
    ) AS u
), people AS (
    INSERT INTO cadres_cadre (
        id, created_at, updated_at, name, pinyin, initials, gender, birth_month, ethnicity,
        id_tail, political_status, education, later_education, is_party_school, work_month, party_month,
        staffing, phone, left_reason, unit_id, province_id, city_id, county_id, township_id
    )
    SELECT id, now(), now(), '某' || i, 'mou', 'm', '1',
        CASE WHEN is_mentor THEN 1955 + (hashint4(i) & 15) ELSE 1988 + (hashint4(i) & 15) END
            || '-' || lpad((1 + (hashint4(i + 7) & 7))::text, 2, '0'), '01', '0000', '01', '21', '21',
        false, '2010-08', '', 'civil', '', '', unit_id, province_id, city_id, county_id, township_id
    FROM made
), posts AS (
    INSERT INTO cadres_posting (
        id, cadre_id, title, is_main, unit_id, province_id, city_id, county_id, township_id
    )
    SELECT uuidv7(), id, '干部', true, unit_id, province_id, city_id, county_id, township_id FROM made
), mentors AS (
    INSERT INTO mentors_mentor (
        id, created_at, cadre_id, category_id, capacity, state, from_on, end_reason, name, pinyin,
        initials, unit_id, province_id, city_id, county_id, township_id
    )
    SELECT uuidv7(), now(), id, (%(kinds)s::int[])[1 + (hashint4(i + 1) & 3)],
        2 + (hashint4(i + 2) & 3) / 3, 'in_office', DATE '2024-01-01', '', '某' || i, 'mou', 'm',
        unit_id, province_id, city_id, county_id, township_id
    FROM made WHERE is_mentor RETURNING id
), good_at AS (
    INSERT INTO mentors_mentor_strengths (mentor_id, strength_id)
    SELECT mentors.id, s.id FROM mentors, mentors_strength AS s
    WHERE hashtext(mentors.id::text || s.id) & 7 = 0
)
INSERT INTO cadres_mentee (id, created_at, cadre_id, category_id, from_on, end_reason)
SELECT uuidv7(), now(), id, (%(needs)s::int[])[1 + (hashint4(i + 3) & 3)], DATE '2025-09-01', ''
FROM made WHERE NOT is_mentor
