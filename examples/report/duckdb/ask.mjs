// What DuckDB answers: node ask.mjs FILE THREADS, where 0 is as many as it likes. It prints its answers, and how many nanoseconds they
// took in the faster of two ways. Starting DuckDB is left out.
import {DuckDBInstance, version} from '@duckdb/node-api';

const [file, threads] = process.argv.slice(2);
const instance = await DuckDBInstance.create(':memory:', threads === '0' ? {} : {threads});
const connection = await instance.connect();

// The types of the columns are given: nothing is guessed, which is fastest.
const calls = `
  SELECT received // 1000 AS second, coalesce(provider, '') AS provider, persons BETWEEN 1 AND 10 AS valid,
    response_ms IS NOT NULL AND coalesce(error, '0') IN ('0', 'false') AS answered,
    response_ms - 1500 * (persons - 1) AS alike
  FROM read_csv('${file.replaceAll("'", "''")}', header = true, auto_detect = false, delim = ',', quote = '"', escape = '"', columns = {
    received: 'BIGINT', persons: 'INTEGER', response_ms: 'INTEGER', provider: 'VARCHAR', error: 'VARCHAR'})`;
const counts = `count(*) AS calls,
  count(*) FILTER (valid AND answered) AS answered, count(*) FILTER (valid AND NOT answered) AS unanswered, count(*) FILTER (NOT valid) AS invalid,
  count(*) FILTER (valid AND answered AND alike <= 7000) AS within1, count(*) FILTER (valid AND answered AND alike <= 12000) AS within2`;

const ways = {
  // Rows are grouped by provider and second as they are read.
  groups: [`
    WITH calls AS (${calls}), groups AS MATERIALIZED (
      SELECT provider, CASE WHEN provider = '' THEN second END AS second, ${counts} FROM calls GROUP BY ALL)
    SELECT provider, sum(calls) AS calls, sum(answered) AS answered, sum(unanswered) AS unanswered, sum(invalid) AS invalid,
      sum(within1) AS within1, sum(within2) AS within2,
      CASE provider WHEN '' THEN (SELECT {peak: calls, second: second} FROM groups WHERE provider = '' ORDER BY calls DESC, second LIMIT 1) END AS second,
      CASE provider WHEN '' THEN (SELECT {peak: sum(calls), second: 60 * (second // 60)} FROM groups WHERE provider = ''
        GROUP BY second // 60 ORDER BY sum(calls) DESC, second // 60 LIMIT 1) END AS minute
    FROM groups GROUP BY provider ORDER BY provider`],
  // They are kept as read.
  table: [
    `CREATE TEMP TABLE calls AS ${calls}`, `
    SELECT provider, ${counts},
      CASE provider WHEN '' THEN (SELECT {peak: count(*), second: second} FROM calls WHERE provider = ''
        GROUP BY second ORDER BY count(*) DESC, second LIMIT 1) END AS second,
      CASE provider WHEN '' THEN (SELECT {peak: count(*), second: 60 * (second // 60)} FROM calls WHERE provider = ''
        GROUP BY second // 60 ORDER BY count(*) DESC, second // 60 LIMIT 1) END AS minute
    FROM calls GROUP BY provider ORDER BY provider`,
    'DROP TABLE calls'],
};

const number = (text) => (text === null ? 0 : Number(text));
let best;
for (const [way, statements] of Object.entries(ways)) {
  let rows;
  const start = process.hrtime.bigint();
  for (const sql of statements) {
    const result = await connection.runAndReadAll(sql);
    rows = rows?.length ? rows : result.getRowObjectsJson().filter((row) => 'provider' in row);
  }
  const took = Number(process.hrtime.bigint() - start);
  const answers = rows.map((row) => ({
    provider: row.provider, calls: number(row.calls), answered: number(row.answered), unanswered: number(row.unanswered), invalid: number(row.invalid),
    ...(row.provider === '' && {
      within: [number(row.within1), number(row.within2)],
      second: {peak: number(row.second.peak), from: number(row.second.second)},
      minute: {peak: number(row.minute.peak), from: number(row.minute.second)},
    }),
  }));
  if (best && JSON.stringify(best.answers) !== JSON.stringify(answers)) {
    throw new Error(`DuckDB differs from itself: ${way}`);
  }
  if (!best || took < best.took) {
    best = {by: `DuckDB ${version()} (${way})`, took, answers};
  }
}
console.log(JSON.stringify(best));
