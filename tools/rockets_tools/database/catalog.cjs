'use strict';

/** Tables that TypeORM keeps for itself. */
const BOOKKEEPING = ['migrations', 'typeorm_metadata'];

// NOT NULL is left to the columns: newer servers list it among the constraints, older ones do not.
const QUERY = `
WITH spaces AS (
  SELECT oid, nspname FROM pg_namespace
  WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
), tables AS (
  SELECT c.oid, c.relkind, s.nspname, c.relname
  FROM pg_class c JOIN spaces s ON s.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relname = ANY($1::text[])
)
SELECT format('schema %I', nspname) AS line FROM spaces WHERE nspname <> 'public'
UNION ALL
SELECT format('table %s %I.%I', relkind, nspname, relname) FROM tables
UNION ALL
SELECT format('column %I.%I.%I %s%s default %s', t.nspname, t.relname, a.attname,
  format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN ' not null' ELSE '' END,
  coalesce(pg_get_expr(d.adbin, d.adrelid), '-'))
FROM pg_attribute a JOIN tables t ON t.oid = a.attrelid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT format('constraint %I on %I.%I %s', c.conname, t.nspname, t.relname,
  pg_get_constraintdef(c.oid))
FROM pg_constraint c JOIN tables t ON t.oid = c.conrelid WHERE c.contype <> 'n'
UNION ALL
SELECT format('index %s', pg_get_indexdef(i.indexrelid))
FROM pg_index i JOIN tables t ON t.oid = i.indrelid
UNION ALL
SELECT format('sequence %I.%I', s.nspname, c.relname)
FROM pg_class c JOIN spaces s ON s.oid = c.relnamespace
WHERE c.relkind = 'S' AND NOT EXISTS (
  SELECT FROM pg_depend p JOIN pg_class o ON o.oid = p.refobjid
  WHERE p.objid = c.oid AND o.relname = ANY($1::text[]))
UNION ALL
SELECT format('type %I.%I %s', s.nspname, t.typname,
  coalesce((SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
            FROM pg_enum e WHERE e.enumtypid = t.oid), t.typtype::text))
FROM pg_type t JOIN spaces s ON s.oid = t.typnamespace
WHERE t.typtype IN ('e', 'd', 'r')
UNION ALL
SELECT format('function %s', p.oid::regprocedure)
FROM pg_proc p JOIN spaces s ON s.oid = p.pronamespace
UNION ALL
SELECT format('extension %I', extname) FROM pg_extension WHERE extname <> 'plpgsql'
ORDER BY 1`;

/**
 * All that was created in a database, one line each, sorted.
 *
 * @param {(sql: string, parameters: unknown[]) => Promise<{line: string}[]>} query
 */
exports.catalog = async (query) =>
  (await query(QUERY, [BOOKKEEPING])).map(({ line }) => line);
