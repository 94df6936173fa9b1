-- Rows for a database of schema 004, which changed an index only: those of 003.
.read 003.rows.sql
