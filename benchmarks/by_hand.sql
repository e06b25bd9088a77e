-- What an engineer of the office would write for the statistics of a city: one GROUP BY a
-- register, without opening onto names. Statements end in a semicolon at the end of a line.

-- mentors by category
SELECT split_part(u.path, '/', %(piece)s), m.category_id, count(*)
FROM mentors_mentor m JOIN units_unit u ON u.id = m.unit_id
WHERE m.city_id = %(city)s AND m.from_on <= %(day)s AND (m.to_on IS NULL OR m.to_on >= %(day)s)
GROUP BY 1, 2;

-- people on the register, of 35 or under, graduates
SELECT split_part(u.path, '/', %(piece)s), count(*),
       count(*) FILTER (WHERE c.birth_month >= %(young)s),
       count(*) FILTER (WHERE c.education IN ('11', '14', '21')
                           OR c.later_education IN ('11', '14', '21'))
FROM cadres_posting o JOIN cadres_cadre c ON c.id = o.cadre_id JOIN units_unit u ON u.id = o.unit_id
WHERE o.city_id = %(city)s AND o.is_main
  AND (o.from_on IS NULL OR o.from_on <= %(day)s) AND (o.to_on IS NULL OR o.to_on >= %(day)s)
  AND (c.left_on IS NULL OR c.left_on >= %(day)s)
GROUP BY 1;

-- mentees in running pairs
SELECT split_part(u.path, '/', %(piece)s), n.category_id, count(*),
       count(*) FILTER (WHERE c.birth_month >= %(young)s),
       count(*) FILTER (WHERE c.education IN ('11', '14', '21')
                           OR c.later_education IN ('11', '14', '21'))
FROM cadres_posting o JOIN cadres_cadre c ON c.id = o.cadre_id JOIN units_unit u ON u.id = o.unit_id
LEFT JOIN cadres_mentee n ON n.cadre_id = c.id AND (n.from_on IS NULL OR n.from_on <= %(day)s)
  AND (n.to_on IS NULL OR n.to_on >= %(day)s)
WHERE o.city_id = %(city)s AND o.is_main
  AND (o.from_on IS NULL OR o.from_on <= %(day)s) AND (o.to_on IS NULL OR o.to_on >= %(day)s)
  AND EXISTS (
    SELECT 1 FROM pairings_pairing p WHERE p.mentee_id = c.id AND (
      SELECT e.to_state FROM pairings_pairingevent e
      WHERE e.pairing_id = p.id AND e."on" <= %(day)s
      ORDER BY e.at DESC, e.id DESC LIMIT 1) IN ('active', 'suspended'))
GROUP BY 1, 2;

-- pairs by state on the day and by category
SELECT split_part(u.path, '/', %(piece)s), n.category_id, (
         SELECT e.to_state FROM pairings_pairingevent e
         WHERE e.pairing_id = p.id AND e."on" <= %(day)s
         ORDER BY e.at DESC, e.id DESC LIMIT 1) AS state, count(*)
FROM pairings_pairing p JOIN units_unit u ON u.id = p.unit_id
JOIN cadres_cadre c ON c.id = p.mentee_id
LEFT JOIN cadres_mentee n ON n.cadre_id = c.id AND (n.from_on IS NULL OR n.from_on <= %(day)s)
  AND (n.to_on IS NULL OR n.to_on >= %(day)s)
WHERE p.city_id = %(city)s GROUP BY 1, 2, 3;

-- sessions by method
SELECT split_part(u.path, '/', %(piece)s), s.method, count(*)
FROM activities_session s JOIN units_unit u ON u.id = s.unit_id
WHERE s.city_id = %(city)s AND s.happened_on BETWEEN %(first)s AND %(day)s GROUP BY 1, 2;

-- visits
SELECT split_part(u.path, '/', %(piece)s), count(*)
FROM activities_visit v JOIN units_unit u ON u.id = v.unit_id
WHERE v.city_id = %(city)s AND v.happened_on BETWEEN %(first)s AND %(day)s GROUP BY 1;

-- assignments
SELECT split_part(u.path, '/', %(piece)s), a.state, count(*)
FROM activities_assignment a JOIN units_unit u ON u.id = a.unit_id
WHERE a.city_id = %(city)s AND a.created_at >= %(first)s GROUP BY 1, 2;

-- the register of mentees: on it, exempt, paired
SELECT split_part(u.path, '/', %(piece)s), count(*),
       count(*) FILTER (WHERE EXISTS (
         SELECT 1 FROM cadres_exemption x WHERE x.mentee_id = n.id AND x.from_on <= %(day)s
           AND (x.to_on IS NULL OR x.to_on >= %(day)s))) AS exempt,
       count(*) FILTER (WHERE EXISTS (
         SELECT 1 FROM pairings_pairing p WHERE p.mentee_id = n.cadre_id AND (
           SELECT e.to_state FROM pairings_pairingevent e
           WHERE e.pairing_id = p.id AND e."on" <= %(day)s
           ORDER BY e.at DESC, e.id DESC LIMIT 1) IN ('active', 'suspended'))) AS paired
FROM cadres_mentee n JOIN cadres_posting o ON o.cadre_id = n.cadre_id AND o.is_main
JOIN units_unit u ON u.id = o.unit_id
WHERE o.city_id = %(city)s AND (n.from_on IS NULL OR n.from_on <= %(day)s)
  AND (n.to_on IS NULL OR n.to_on >= %(day)s)
  AND (o.from_on IS NULL OR o.from_on <= %(day)s) AND (o.to_on IS NULL OR o.to_on >= %(day)s)
GROUP BY 1;

-- mentors who were mentees before
SELECT split_part(u.path, '/', %(piece)s), count(*)
FROM mentors_mentor m JOIN units_unit u ON u.id = m.unit_id
WHERE m.city_id = %(city)s AND m.from_on <= %(day)s AND (m.to_on IS NULL OR m.to_on >= %(day)s)
  AND EXISTS (SELECT 1 FROM pairings_pairing p WHERE p.mentee_id = m.cadre_id
              AND p.from_on <= m.from_on
              AND p.state IN ('active', 'suspended', 'completed', 'terminated'))
GROUP BY 1;

-- active pairs with a term that are long without a record
SELECT split_part(u.path, '/', %(piece)s), count(*)
FROM pairings_pairing p JOIN units_unit u ON u.id = p.unit_id
WHERE p.city_id = %(city)s AND p.role <> 'substitute'
  AND p.from_on < %(quiet)s AND p.to_on IS NOT NULL
  AND (SELECT e.to_state FROM pairings_pairingevent e
       WHERE e.pairing_id = p.id AND e."on" <= %(day)s
       ORDER BY e.at DESC, e.id DESC LIMIT 1) = 'active'
  AND NOT EXISTS (SELECT 1 FROM activities_session s WHERE s.pairing_id = p.id
                  AND s.happened_on BETWEEN %(quiet)s AND %(day)s)
  AND NOT EXISTS (SELECT 1 FROM activities_visit v WHERE v.pairing_id = p.id
                  AND v.happened_on BETWEEN %(quiet)s AND %(day)s)
  AND NOT EXISTS (SELECT 1 FROM pairings_pairingevent e WHERE e.pairing_id = p.id
                  AND e.to_state = 'active' AND e.from_state <> 'active'
                  AND e."on" BETWEEN %(quiet)s AND %(day)s)
GROUP BY 1;

-- pairs formed in the period by a change of mentor
SELECT split_part(u.path, '/', %(piece)s), count(*)
FROM pairings_pairing p JOIN units_unit u ON u.id = p.unit_id
WHERE p.city_id = %(city)s AND p.role <> 'substitute' AND p.succeeds_id IS NOT NULL
  AND (SELECT e.to_state FROM pairings_pairingevent e
       WHERE e.pairing_id = p.id AND e."on" <= %(day)s
       ORDER BY e.at DESC, e.id DESC LIMIT 1)
      IN ('active', 'suspended', 'completed', 'terminated')
  AND coalesce((SELECT e.to_state FROM pairings_pairingevent e
                WHERE e.pairing_id = p.id AND e."on" < %(first)s
                ORDER BY e.at DESC, e.id DESC LIMIT 1), '')
      NOT IN ('active', 'suspended', 'completed', 'terminated')
GROUP BY 1;

-- people in the register: gender, age bands, education, political status, staffing
SELECT place, gender, band, education, political_status, staffing, count(*) FROM (
  SELECT split_part(u.path, '/', %(piece)s) AS place,
         CASE WHEN c.gender IN ('1', '2') THEN c.gender END AS gender,
         CASE WHEN c.birth_month <> ''
              THEN least(56, greatest(30, 5 * ceil(
                extract(year FROM age(%(day)s, (c.birth_month || '-01')::date)) / 5))) END AS band,
         CASE WHEN '11' IN (c.education, c.later_education) THEN '11'
              WHEN '14' IN (c.education, c.later_education) THEN '14'
              WHEN '21' IN (c.education, c.later_education) THEN '21'
              WHEN '31' IN (c.education, c.later_education) THEN '31'
              WHEN c.education || c.later_education <> '' THEN 'other' END AS education,
         c.political_status, c.staffing
  FROM cadres_posting o JOIN cadres_cadre c ON c.id = o.cadre_id
  JOIN units_unit u ON u.id = o.unit_id
  WHERE o.city_id = %(city)s AND o.is_main
    AND (o.from_on IS NULL OR o.from_on <= %(day)s) AND (o.to_on IS NULL OR o.to_on >= %(day)s)
    AND (c.left_on IS NULL OR c.left_on >= %(day)s)
) AS r GROUP BY GROUPING SETS (
  (place, gender), (place, band), (place, education), (place, political_status), (place, staffing));

-- mentees: gender, age bands, education, political status, staffing
SELECT place, gender, band, education, political_status, staffing, count(*) FROM (
  SELECT split_part(u.path, '/', %(piece)s) AS place,
         CASE WHEN c.gender IN ('1', '2') THEN c.gender END AS gender,
         CASE WHEN c.birth_month <> ''
              THEN least(56, greatest(30, 5 * ceil(
                extract(year FROM age(%(day)s, (c.birth_month || '-01')::date)) / 5))) END AS band,
         CASE WHEN '11' IN (c.education, c.later_education) THEN '11'
              WHEN '14' IN (c.education, c.later_education) THEN '14'
              WHEN '21' IN (c.education, c.later_education) THEN '21'
              WHEN '31' IN (c.education, c.later_education) THEN '31'
              WHEN c.education || c.later_education <> '' THEN 'other' END AS education,
         c.political_status, c.staffing
  FROM cadres_posting o JOIN cadres_cadre c ON c.id = o.cadre_id
  JOIN units_unit u ON u.id = o.unit_id
  WHERE o.city_id = %(city)s AND o.is_main
    AND (o.from_on IS NULL OR o.from_on <= %(day)s) AND (o.to_on IS NULL OR o.to_on >= %(day)s)
    AND (c.left_on IS NULL OR c.left_on >= %(day)s)
    AND EXISTS (
      SELECT 1 FROM pairings_pairing p WHERE p.mentee_id = c.id AND p.role <> 'substitute' AND (
        SELECT e.to_state FROM pairings_pairingevent e
        WHERE e.pairing_id = p.id AND e."on" <= %(day)s
        ORDER BY e.at DESC, e.id DESC LIMIT 1) IN ('active', 'suspended'))
) AS r GROUP BY GROUPING SETS (
  (place, gender), (place, band), (place, education), (place, political_status), (place, staffing));

-- mentors: gender, age bands, education, political status, staffing
SELECT place, gender, band, education, political_status, staffing, count(*) FROM (
  SELECT split_part(u.path, '/', %(piece)s) AS place,
         CASE WHEN c.gender IN ('1', '2') THEN c.gender END AS gender,
         CASE WHEN c.birth_month <> ''
              THEN least(56, greatest(30, 5 * ceil(
                extract(year FROM age(%(day)s, (c.birth_month || '-01')::date)) / 5))) END AS band,
         CASE WHEN '11' IN (c.education, c.later_education) THEN '11'
              WHEN '14' IN (c.education, c.later_education) THEN '14'
              WHEN '21' IN (c.education, c.later_education) THEN '21'
              WHEN '31' IN (c.education, c.later_education) THEN '31'
              WHEN c.education || c.later_education <> '' THEN 'other' END AS education,
         c.political_status, c.staffing
  FROM mentors_mentor m JOIN cadres_cadre c ON c.id = m.cadre_id
  JOIN units_unit u ON u.id = m.unit_id
  WHERE m.city_id = %(city)s AND m.from_on <= %(day)s
    AND (m.to_on IS NULL OR m.to_on >= %(day)s)
) AS r GROUP BY GROUPING SETS (
  (place, gender), (place, band), (place, education), (place, political_status), (place, staffing));
