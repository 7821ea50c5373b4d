-- The function's role on RDS: signs in with IAM tokens and may do what the products API does, no more. Run it as the master user in
-- the function's own database, after src/NativeLambda.Function/schema.sql; any number of times.
--
--   psql -v role=nativelambda -f deploy/sql/role.sql
--
-- The guards stand at the role as well, for where the function cannot bring them: RDS Proxy refuses startup options.

\set ON_ERROR_STOP on
\if :{?role} \else \set role nativelambda \endif
\if :{?idle_session_timeout} \else \set idle_session_timeout '5min' \endif
\if :{?idle_in_transaction_session_timeout} \else \set idle_in_transaction_session_timeout '1min' \endif
\if :{?statement_timeout} \else \set statement_timeout '10s' \endif
-- Where it is set: not less than the function's reserved concurrency, and room for a deployment.
\if :{?connection_limit} \else \set connection_limit -1 \endif

BEGIN;

SELECT format('CREATE ROLE %I', :'role') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
ALTER ROLE :"role" LOGIN NOCREATEDB NOCREATEROLE PASSWORD NULL CONNECTION LIMIT :connection_limit;

-- Members of this role sign in with a token, and RDS takes no password from them.
GRANT rds_iam TO :"role";

ALTER ROLE :"role" SET idle_session_timeout = :'idle_session_timeout';
ALTER ROLE :"role" SET idle_in_transaction_session_timeout = :'idle_in_transaction_session_timeout';
ALTER ROLE :"role" SET statement_timeout = :'statement_timeout';

-- Nobody is let into this database, and makes temporary tables in it, merely because he is somebody.
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()) \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), :'role') \gexec
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO :"role";

-- Movements of a product that is deleted go with it as their owner's doing: that takes no right of the role's.
REVOKE ALL ON products, movements, idempotency_keys FROM :"role";
GRANT SELECT, INSERT, UPDATE, DELETE ON products TO :"role";
GRANT SELECT, INSERT ON movements, idempotency_keys TO :"role";

COMMIT;
