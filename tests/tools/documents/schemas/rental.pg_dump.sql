--
-- PostgreSQL database dump
--
\restrict abcDEF123
SET statement_timeout = 0;
SET client_encoding = 'UTF8';
SELECT pg_catalog.set_config('search_path', '', false);

CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;

CREATE TYPE public.rating AS ENUM (
    'G',
    'PG',
    'PG-13',
    'R; restricted'
);
ALTER TYPE public.rating OWNER TO postgres;
ALTER TYPE public.rating ADD VALUE 'NC-17';

CREATE DOMAIN public.year AS integer
	CONSTRAINT year_check CHECK (((VALUE >= 1901) AND (VALUE <= 2155)));

CREATE DOMAIN public.contact AS text DEFAULT 'none'::text NOT NULL CHECK (char_length(VALUE) > 2);

CREATE FUNCTION public.last_updated() RETURNS trigger
    LANGUAGE plpgsql
    AS $_$
BEGIN
    NEW.last_update = CURRENT_TIMESTAMP;
    -- it's fine; CREATE TABLE ghost (id int);
    RETURN NEW;
END $_$;

CREATE SEQUENCE public.film_film_id_seq START WITH 1 INCREMENT BY 1 NO MINVALUE CACHE 1;

CREATE TABLE public.film (
    film_id integer DEFAULT nextval('public.film_film_id_seq'::regclass) NOT NULL,
    title character varying(255) NOT NULL,
    description text,
    release_year public.year,
    language_id smallint NOT NULL,
    original_language_id smallint,
    rental_duration smallint DEFAULT 3 NOT NULL,
    rental_rate numeric(4,2) DEFAULT 4.99 NOT NULL,
    length smallint,
    replacement_cost numeric(5,2) DEFAULT 19.99 NOT NULL,
    rating public.rating DEFAULT 'G'::public.rating,
    last_update timestamp without time zone DEFAULT now() NOT NULL,
    special_features text[],
    fulltext tsvector NOT NULL,
    contact public.contact,
    price_with_tax numeric GENERATED ALWAYS AS ((rental_rate * 1.2)) STORED,
    tags jsonb DEFAULT '{}'::jsonb NOT NULL,
    runtime interval,
    poster bytea,
    ip inet,
    CONSTRAINT film_length_check CHECK (((length > 0) AND (length <= 1000))),
    CONSTRAINT film_kind CHECK (((description)::text = ANY ((ARRAY['long'::character varying, 'short'::character varying])::text[]))),
    CONSTRAINT odd CHECK ((rental_rate < replacement_cost))
);
ALTER TABLE public.film OWNER TO postgres;
COMMENT ON TABLE public.film IS 'All films';
COMMENT ON COLUMN public.film.title IS 'The film''s title';

CREATE TABLE public.language (
    language_id integer NOT NULL,
    name character(20) NOT NULL,
    last_update timestamp without time zone DEFAULT now() NOT NULL
);
ALTER TABLE public.language ALTER COLUMN language_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.language_language_id_seq
    START WITH 1
);

CREATE TABLE public.store (
    store_id integer NOT NULL,
    manager_staff_id smallint NOT NULL,
    last_update timestamp without time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.staff (
    staff_id integer NOT NULL,
    first_name character varying(45) NOT NULL,
    email character varying(50),
    store_id smallint NOT NULL,
    active boolean DEFAULT true NOT NULL,
    username character varying(16) NOT NULL,
    password character varying(40),
    picture bytea
);

CREATE TABLE public.film_category (
    film_id smallint NOT NULL,
    category_id smallint NOT NULL,
    last_update timestamp without time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.category (
    category_id integer NOT NULL,
    name character varying(25) NOT NULL
);

CREATE TABLE public.payment (
    payment_id integer NOT NULL,
    staff_id smallint NOT NULL,
    amount numeric(5,2) NOT NULL,
    payment_date timestamp with time zone NOT NULL
)
PARTITION BY RANGE (payment_date);

CREATE TABLE public.payment_p2007_01 PARTITION OF public.payment FOR VALUES FROM ('2007-01-01') TO ('2007-02-01');

CREATE VIEW public.film_list AS
 SELECT film.film_id AS fid, film.title FROM public.film WHERE ((film.title)::text = ';'::text);

CREATE MATERIALIZED VIEW public.m AS SELECT 1 AS a WITH NO DATA;

COPY public.language (language_id, name, last_update) FROM stdin;
1	English'"$$ CREATE TABLE ghost (	2006-02-15
2	Italian	\N
\.

ALTER TABLE ONLY public.film ADD CONSTRAINT film_pkey PRIMARY KEY (film_id);
ALTER TABLE ONLY public.language ADD CONSTRAINT language_pkey PRIMARY KEY (language_id);
ALTER TABLE ONLY public.store ADD CONSTRAINT store_pkey PRIMARY KEY (store_id);
ALTER TABLE ONLY public.staff ADD CONSTRAINT staff_pkey PRIMARY KEY (staff_id);
ALTER TABLE ONLY public.category ADD CONSTRAINT category_pkey PRIMARY KEY (category_id);
ALTER TABLE ONLY public.payment ADD CONSTRAINT payment_pkey PRIMARY KEY (payment_date, payment_id);
ALTER TABLE ONLY public.payment_p2007_01 ADD CONSTRAINT payment_p_pkey PRIMARY KEY (payment_date, payment_id);
ALTER TABLE ONLY public.film_category
    ADD CONSTRAINT film_category_pkey PRIMARY KEY (film_id, category_id);

CREATE INDEX film_fulltext_idx ON public.film USING gist (fulltext);
CREATE UNIQUE INDEX idx_unq_manager_staff_id ON public.store USING btree (manager_staff_id);
CREATE UNIQUE INDEX lower_email ON public.staff USING btree (lower((email)::text));
CREATE TRIGGER last_updated BEFORE UPDATE ON public.film FOR EACH ROW EXECUTE FUNCTION public.last_updated();
ALTER TABLE ONLY public.film_category
    ADD CONSTRAINT fc_film FOREIGN KEY (film_id) REFERENCES public.film(film_id) ON UPDATE CASCADE ON DELETE RESTRICT;
ALTER TABLE ONLY public.film_category
    ADD CONSTRAINT fc_category FOREIGN KEY (category_id) REFERENCES public.category(category_id) ON UPDATE CASCADE ON DELETE CASCADE;
ALTER TABLE ONLY public.film ADD CONSTRAINT film_lang FOREIGN KEY (language_id) REFERENCES public.language(language_id);
ALTER TABLE ONLY public.film ADD CONSTRAINT film_olang FOREIGN KEY (original_language_id) REFERENCES public.language(language_id) ON DELETE SET NULL;
ALTER TABLE ONLY public.staff ADD CONSTRAINT staff_store FOREIGN KEY (store_id) REFERENCES public.store(store_id);
ALTER TABLE ONLY public.store ADD CONSTRAINT store_mgr FOREIGN KEY (manager_staff_id) REFERENCES public.staff(staff_id);
ALTER TABLE public.payment ADD CONSTRAINT pay_staff FOREIGN KEY (staff_id) REFERENCES public.staff(staff_id);
ALTER TABLE public.staff ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON public.staff USING (true);
GRANT ALL ON TABLE public.film TO PUBLIC;
\unrestrict abcDEF123
