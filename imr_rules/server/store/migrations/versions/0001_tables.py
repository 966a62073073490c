"""The tables, as the first release has them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables, and the audit's head before its first event."""
    op.create_table(
        "screenings",
        sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
        sa.Column("id", sa.String(32), nullable=False, unique=True),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("created", sa.String(27), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("input_digest", sa.String(71), nullable=False),
        sa.Column("rulebook_digest", sa.String(71), nullable=False),
        sa.Column("engine", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("amends", sa.String(32)),
        sa.Column("amended_by", sa.String(32)),
        sa.Column("held", sa.Boolean, nullable=False),
        sa.Column("purged", sa.String(27)),
        sa.Index("screenings_of_a_tenant", "tenant", "number"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "records",
        sa.Column("screening", sa.String(32), primary_key=True),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("case_id", sa.String(64)),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("result", sa.LargeBinary, nullable=False),
        sa.Column("amendment", sa.LargeBinary),
        sa.Index("records_of_a_case", "tenant", "case_id"),
    )
    op.create_table(
        "items",
        sa.Column("screening", sa.String(32), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True),
        sa.Column("item", sa.String(64), nullable=False),
        sa.Column("treatment", sa.String(64)),
        sa.Column("suggestion", sa.String(16), nullable=False),
        sa.Column("outcome", sa.String(16)),
    )
    op.create_table(
        "signoffs",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("screening", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("item", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Index("signoffs_of_a_screening", "screening", "version"),
    )
    op.create_table(
        "replies",
        sa.Column("tenant", sa.String(64), primary_key=True),
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("request", sa.String(64), nullable=False),
        sa.Column("screening", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created", sa.String(27), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Index("replies_about_a_screening", "screening"),
        sa.Index("replies_by_age", "created"),
    )
    op.create_table(
        "rulebooks",
        sa.Column("digest", sa.String(71), primary_key=True),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("added", sa.String(27), nullable=False),
        sa.Column("files", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "keys",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("scopes", sa.Text, nullable=False),
        sa.Column("secret", sa.String(64), nullable=False, unique=True),
        sa.Column("created", sa.String(27), nullable=False),
        sa.Column("expires", sa.String(27)),
        sa.Column("revoked", sa.String(27)),
        sa.Column("replaces", sa.String(16)),
    )
    op.create_table(
        "audit_events",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("input_digest", sa.String(71)),
        sa.Column("rulebook_digest", sa.String(71)),
        sa.Column("engine", sa.Text),
        sa.Column("details", sa.Text),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Index("audit_events_of_a_subject", "subject"),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
    )
    op.execute(f"INSERT INTO audit_head (id, number, at, digest) VALUES (1, 0, '', '{'0' * 64}')")


def downgrade() -> None:
    """Remove every table, and with them all they hold."""
    for table in (
        "audit_head", "audit_events", "keys", "rulebooks", "replies", "signoffs", "items", "records", "screenings",
    ):  # fmt: skip
        op.drop_table(table)
