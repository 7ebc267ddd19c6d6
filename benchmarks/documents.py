"""Import of SQL documents of growing size: seconds, and seconds per table (linear when flat).

python benchmarks/documents.py [--tables 50 100 200 500]
"""

import argparse
import time

from rockets_tools.documents import read_document


def script(tables: int) -> str:
    """Tables of 14 columns with keys, checks, comments, indexes and references to earlier ones."""
    return "".join(map(one, range(tables)))


def one(number: int) -> str:
    """Everything about one table."""
    name = f"public.thing_{number}"
    amounts = "".join(f"    amount_{c} numeric(10,2) DEFAULT {c} NOT NULL,\n" for c in range(8))
    return f"""CREATE TABLE {name} (
    id integer NOT NULL,
    user_id integer,
    name character varying(80) DEFAULT 'it''s'::character varying NOT NULL,
    state text DEFAULT 'new'::text CHECK (state IN ('new', 'old', 'x{number}')),
{amounts}    parent_id integer,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT low CHECK (amount_1 >= {number % 90})
);
COMMENT ON COLUMN {name}.name IS 'Name of thing {number}';
ALTER TABLE ONLY {name} ADD CONSTRAINT p{number} PRIMARY KEY (id);
CREATE INDEX i{number} ON {name} USING btree (name);
ALTER TABLE ONLY {name} ADD CONSTRAINT f{number} FOREIGN KEY (parent_id)
    REFERENCES public.thing_{number // 2}(id) ON DELETE CASCADE;
COPY {name} (id, user_id, name) FROM stdin;
1\t2\ta;b
\\.
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=int, nargs="+", default=[50, 100, 200, 500])
    read_document(script(2), file="warm.sql")
    print(f"{'tables':>8} {'seconds':>9} {'ms/table':>9}")
    for tables in parser.parse_args().tables:
        text = script(tables)
        started = time.perf_counter()
        imported = read_document(text, file="big.sql")
        seconds = time.perf_counter() - started
        assert not imported.blockers, imported.blockers[0]
        print(f"{tables:>8} {seconds:>9.3f} {seconds / tables * 1000:>9.2f}")


if __name__ == "__main__":
    main()
