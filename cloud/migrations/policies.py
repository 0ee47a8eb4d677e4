"""The locks on the tables, as SQL that migrations run.

Every tenant table gets a forced row policy and exactly the rights its room needs. ``emmetra_app`` is what
every process of the cloud becomes; ``emmetra_directory`` owns the few functions that must find a chain
before one is chosen, and may read nothing else.
"""

APP = "emmetra_app"
DIRECTORY = "emmetra_directory"
TENANT = "NULLIF(current_setting('emmetra.tenant', true), '')::integer"


def create_roles() -> list[str]:
    """Roles belong to the whole server, so another database may have made them already."""
    return [
        f"""DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN CREATE ROLE {role} NOLOGIN; END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"""
        for role in (APP, DIRECTORY)
    ] + [
        f"DO $$ BEGIN EXECUTE 'GRANT {APP}, {DIRECTORY} TO ' || quote_ident(current_user); END $$",
        f"GRANT CREATE, USAGE ON SCHEMA public TO {DIRECTORY}",
        f"GRANT USAGE ON SCHEMA public TO {APP}",
    ]


def lock(table: str, rights: str, column: str = "tenant_id") -> list[str]:
    """Force the row policy and grant ``rights`` (for instance ``SELECT, INSERT``) to the application."""
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY chain ON {table} TO {APP} USING ({column} = {TENANT}) WITH CHECK ({column} = {TENANT})",
        f"GRANT {rights} ON {table} TO {APP}",
    ]


def let_directory_read(table: str, columns: str) -> list[str]:
    """Let the directory functions look these columns up over all chains."""
    return [
        f"CREATE POLICY directory ON {table} FOR SELECT TO {DIRECTORY} USING (true)",
        f"GRANT SELECT ({columns}) ON {table} TO {DIRECTORY}",
    ]


def directory_function(signature: str, returns: str, body: str) -> list[str]:
    """A lookup that runs with the directory's rights; ``signature`` is ``name(arg type, …)``."""
    return [
        f"CREATE FUNCTION {signature} RETURNS {returns} LANGUAGE sql STABLE SECURITY DEFINER "
        f"SET search_path = public AS $$ {body} $$",
        f"ALTER FUNCTION {signature} OWNER TO {DIRECTORY}",
        f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION {signature} TO {APP}",
    ]
