namespace NativeLambda.Emulator.Postgres;

/// <summary>Quotes what statements like CREATE ROLE do not take as parameters.</summary>
internal static class SqlText
{
    public static string Identifier(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    public static string Literal(string value) => value.Contains('\\', StringComparison.Ordinal)
        ? " E'" + value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal) + "'"
        : "'" + value.Replace("'", "''", StringComparison.Ordinal) + "'";
}
