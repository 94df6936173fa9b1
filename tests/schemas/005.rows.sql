-- Rows for a database of schema 005, which changed indexes only: those of 004.
.read 004.rows.sql
