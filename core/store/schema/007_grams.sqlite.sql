-- Names of a load that wait for their grams. Twin: 007_grams.pg.sql.
-- Each gram of a name goes to another place of lead_gram. A load into a table in use leaves them here, many at
-- a time are written in the order of their grams, and meanwhile a search looks at both.

create table lead_gram_due (
    lead_id integer primary key,
    name_key text not null
) strict;
