-- The least that any answer from the tables costs: reading them once.
SELECT count(*) FROM mentors_mentor;
SELECT count(*) FROM cadres_posting;
SELECT count(*) FROM cadres_cadre;
SELECT count(*) FROM pairings_pairing;
SELECT count(*) FROM pairings_pairingevent;
SELECT count(*) FROM activities_session;
SELECT count(*) FROM activities_visit;
SELECT count(*) FROM activities_assignment;
