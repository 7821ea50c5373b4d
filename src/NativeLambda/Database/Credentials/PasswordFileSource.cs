using System.Globalization;

namespace NativeLambda.Database.Credentials;

/// <summary>The password file, read anew whenever a server asks for a password that the settings do not hold.</summary>
internal sealed class PasswordFileSource(ConnectionSettings settings) : ICredentialSource
{
    /// <summary>Sockets in these directories go by the name <c>localhost</c>: PostgreSQL's default, and that of its packages.</summary>
    private static readonly string[] DefaultSocketDirectories = ["/tmp", "/var/run/postgresql", "/run/postgresql"];

    private const UnixFileMode OthersMay =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>The file was read a moment before: it says the same again.</summary>
    public bool CanRefresh => false;

    public ValueTask<string?> PrepareAsync(bool refresh, CancellationToken cancellationToken) => ValueTask.FromResult<string?>(null);

    public string GetPassword(string host, int port)
    {
        string name = DefaultSocketDirectories.Contains(host) ? "localhost" : host;
        string digits = port.ToString(CultureInfo.InvariantCulture);
        return Read(out string why) is { } text
            ? PasswordFile.Find(text, name, digits, settings.Database, settings.User)
                ?? throw Missing($"{settings.PasswordFile} has no entry for host {name}, port {digits}, database {settings.Database}, user {settings.User}")
            : throw Missing(why);
    }

    /// <summary>The text, or <see langword="null"/> where libpq would act as if the file were not there, and why.</summary>
    private string? Read(out string why)
    {
        why = "";
        if (settings.PasswordFile is not { } file)
        {
            why = "no password file is known (neither PGPASSFILE nor HOME is set)";
            return null;
        }

        try
        {
            if (!File.Exists(file))
                why = $"the password file {file} does not exist, or is no plain file";
            else if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & OthersMay) is not UnixFileMode.None)
                why = $"the password file {file} is ignored because others may access it; use chmod 0600";
            else
                return File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Missing($"the password file {file} cannot be read ({exception.Message})", exception);
        }

        return null;
    }

    private static CredentialException Missing(string why, Exception? inner = null) => new(
        $"the server asks for a password and there is none: {why}. Set {DatabaseUrl.Variable} or PGPASSWORD, name a file of mode 0600 in PGPASSFILE, or set NATIVELAMBDA_AUTH to iam or secret",
        inner: inner);
}
