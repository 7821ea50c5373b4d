using NativeLambda.Settings;

namespace NativeLambda.Database.Credentials;

/// <summary>A section of a connection service file, read as libpq reads it.</summary>
/// <remarks>
/// Source: <see href="https://www.postgresql.org/docs/current/libpq-pgservice.html">PostgreSQL, the connection service file</see>.
/// </remarks>
internal static class ServiceFile
{
    private static readonly string[] Keywords =
    [
        "host", "port", "dbname", "user", "password", "passfile", "sslmode", "sslrootcert", "sslnegotiation", "target_session_attrs",
        "application_name",
    ];

    /// <summary>The settings of the service that the variables name: keyword to value; none where they name none.</summary>
    /// <param name="service">The name, from <c>DATABASE_URL</c>; else <c>PGSERVICE</c> is asked.</param>
    /// <param name="variables">The environment variables.</param>
    /// <exception cref="SettingsException">There is no such service, or its section cannot be read.</exception>
    public static Dictionary<string, string> Find(string? service, VariableReader variables)
    {
        string variable = service is null ? "PGSERVICE" : DatabaseUrl.Variable + " (service)";
        service ??= variables.Text("PGSERVICE");
        if (service is null)
            return [];

        string? own = variables.Text("PGSERVICEFILE");
        if (own is not null && !File.Exists(own))
            throw VariableReader.Refuse("PGSERVICEFILE", own, "there is no such file");
        if (own is null && variables.Text("HOME") is { } home)
            own = home + "/.pg_service.conf";
        string ofSystem = (variables.Text("PGSYSCONFDIR") ?? "/etc/postgresql-common") + "/pg_service.conf";

        // The one of the system is asked also where the first file exists and does not know the service.
        foreach (string? file in (string?[])[own, ofSystem])
        {
            if (file is not null && File.Exists(file) && ReadSection(ReadLines(file), service, file) is { } section)
                return section;
        }

        throw VariableReader.Refuse(variable, service, $"there is no such service in {(own is null ? ofSystem : $"{own} or {ofSystem}")}");
    }

    /// <summary>The section of a service, or <see langword="null"/>. What is said twice counts as it was said first.</summary>
    internal static Dictionary<string, string>? ReadSection(IEnumerable<string> lines, string service, string file)
    {
        Dictionary<string, string>? section = null;
        int number = 0;
        foreach (string raw in lines)
        {
            number++;
            string line = raw.Trim();
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line[0] == '[')
            {
                if (section is not null)
                    break;
                if (line.StartsWith($"[{service}]", StringComparison.Ordinal))
                    section = [];
                continue;
            }

            if (section is null)
                continue;
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            string keyword = equals < 0 ? "" : line[..equals];
            if (equals < 0)
                throw Refuse(file, number, "is not keyword=value");
            if (!Keywords.Contains(keyword))
                throw Refuse(file, number, $"sets {keyword}, which is not supported; known are {string.Join(", ", Keywords)}");
            if (equals + 1 < line.Length)
                section.TryAdd(keyword, line[(equals + 1)..]);
        }

        return section;
    }

    private static string[] ReadLines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException("PGSERVICEFILE", $"The service file {file} cannot be read: {exception.Message}");
        }
    }

    /// <summary>The line itself is not shown: it may hold the password.</summary>
    private static SettingsException Refuse(string file, int line, string why) =>
        new("PGSERVICEFILE", $"Line {line} of the service file {file} {why}.");
}
