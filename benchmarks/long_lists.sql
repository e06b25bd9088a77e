-- A county of so many people: each one with a post, a mentor's appointment and an entry as a
-- mentee, three of five with a mentor, one of a hundred exempt.
WITH places AS (
    SELECT array_agg(id ORDER BY id) AS ids, count(*)::int AS n FROM units_unit
    WHERE county_id = %(county)s AND kind IN ('township', 'village')
), made AS (
    SELECT i, uuidv7() AS id, u.id AS unit_id, u.province_id, u.city_id, u.county_id, u.township_id,
        1 + i * 7 %% %(surnames)s AS s, 1 + i %% %(given)s AS g, 1 + i / %(given)s %% %(given)s AS h
    FROM generate_series(1, %(rows)s) AS i, places,
        LATERAL (SELECT * FROM units_unit WHERE id = places.ids[1 + i * 11 %% places.n]) AS u
), named AS (
    SELECT made.*, l.c[s] || k.c[g] || k.c[h] AS name, l.p[s] || k.p[g] || k.p[h] AS pinyin,
        left(l.p[s], 1) || left(k.p[g], 1) || left(k.p[h], 1) AS initials
    FROM made, (SELECT %(surname)s::text[] AS c, %(surname_pinyin)s::text[] AS p) AS l,
        (SELECT %(given_name)s::text[] AS c, %(given_pinyin)s::text[] AS p) AS k
), people AS (
    INSERT INTO cadres_cadre (
        id, created_at, updated_at, name, pinyin, initials, gender, birth_month, ethnicity,
        id_tail, political_status, education, later_education, is_party_school, work_month, party_month,
        staffing, phone, left_reason, unit_id, province_id, city_id, county_id, township_id
    )
    SELECT id, now(), now(), name, pinyin, initials, (1 + i %% 2)::text,
        (1960 + i %% 45) || '-' || lpad((1 + i %% 12)::text, 2, '0'), '01',
        lpad((i %% 10000)::text, 4, '0'), (ARRAY['01', '03', '13'])[1 + i %% 3],
        (ARRAY['14', '21', '31'])[1 + i %% 3], '21', false,
        (1985 + i %% 40) || '-08', '', (ARRAY['civil', 'institution', 'village'])[1 + i %% 3],
        '138' || lpad(i::text, 8, '0'), '', unit_id, province_id, city_id, county_id, township_id
    FROM named
), posts AS (
    INSERT INTO cadres_posting (
        id, cadre_id, title, is_main, unit_id, province_id, city_id, county_id, township_id
    )
    SELECT uuidv7(), id, (ARRAY['组织委员', '副镇长', '办公室主任', '科员', '村党支部书记',
        '党政办公室副主任', '便民服务中心主任', '一级科员'])[1 + i %% 8], true,
        unit_id, province_id, city_id, county_id, township_id FROM named
), mentors AS (
    INSERT INTO mentors_mentor (
        id, created_at, cadre_id, category_id, capacity, state, from_on, term_to_on, end_reason,
        name, pinyin, initials, unit_id, province_id, city_id, county_id, township_id
    )
    SELECT uuidv7(), now(), id, (SELECT id FROM mentors_mentorcategory ORDER BY id LIMIT 1)
        + i %% 2, 2 + i %% 3, 'in_office', DATE '2024-01-01', DATE '2027-01-01' + i %% 500, '',
        name, pinyin, initials, unit_id, province_id, city_id, county_id, township_id
    FROM named RETURNING id, cadre_id
), appointments AS (
    INSERT INTO mentors_mentorevent (
        mentor_id, verb, from_state, to_state, "on", new_to_on, old_capacity, new_capacity, reason,
        document, waived, waiver, at
    )
    SELECT id, verb, '', 'in_office', day::date, CASE verb WHEN 'appoint' THEN DATE '2027-01-01' END,
        CASE verb WHEN 'edit' THEN 1 END, CASE verb WHEN 'edit' THEN 2 END, '', '', '', '', day
    FROM mentors, (VALUES ('appoint', TIMESTAMPTZ '2024-01-01'), ('edit', '2026-05-01')) AS e(verb, day)
), entries AS (
    INSERT INTO cadres_mentee (id, created_at, cadre_id, category_id, from_on, end_reason)
    SELECT uuidv7(), now(), id, (SELECT min(id) FROM cadres_menteecategory), DATE '2025-09-01', ''
    FROM named WHERE i %% 10 > 0 RETURNING id, cadre_id
), exempt AS (
    INSERT INTO cadres_exemption (id, created_at, mentee_id, from_on, reason, document)
    SELECT uuidv7(), now(), entries.id, DATE '2026-01-01', '借调', ''
    FROM entries JOIN named ON named.id = cadre_id WHERE i %% 100 = 1
), pairs AS (
    INSERT INTO pairings_pairing (
        id, created_at, mentor_id, mentor_cadre_id, mentee_id, method, role, needs_approval,
        from_on, remark, state, end_reason, unit_id, province_id, city_id, county_id, township_id
    )
    SELECT uuidv7(), now(), mentors.id, mentors.cadre_id, mentee.id, 'assigned', 'lead', true,
        DATE '2025-10-01', '', 'active', '', mentee.unit_id, mentee.province_id, mentee.city_id,
        mentee.county_id, mentee.township_id
    FROM named AS mentee JOIN named AS guide ON guide.i = %(rows)s + 1 - mentee.i
        JOIN mentors ON mentors.cadre_id = guide.id
    WHERE mentee.i %% 5 > 1 AND mentee.i <> guide.i RETURNING id
)
INSERT INTO pairings_pairingevent (
    pairing_id, is_on_behalf, verb, from_state, to_state, reason, document, waived, waiver, "on", at
)
SELECT id, false, verb, old, new, '', '', '', '', day::date, day FROM pairs, (VALUES
    ('register', '', 'proposed', TIMESTAMPTZ '2025-09-20'),
    ('approve', 'agreed', 'active', '2025-10-01'),
    ('suspend', 'active', 'suspended', '2026-05-01'),
    ('resume', 'suspended', 'active', '2026-06-01')) AS e(verb, old, new, day)
