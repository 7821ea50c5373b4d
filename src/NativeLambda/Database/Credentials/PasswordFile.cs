using System.Text;

namespace NativeLambda.Database.Credentials;

/// <summary>The lines of a password file, <c>host:port:database:user:password</c>, read as libpq reads them. Pure.</summary>
/// <remarks>Source: <see href="https://www.postgresql.org/docs/current/libpq-pgpass.html">PostgreSQL, the password file</see>.</remarks>
internal static class PasswordFile
{
    /// <summary>The password of the first line that matches, or <see langword="null"/>.</summary>
    public static string? Find(ReadOnlySpan<char> text, string host, string port, string database, string user)
    {
        while (!text.IsEmpty)
        {
            int end = text.IndexOf('\n');
            ReadOnlySpan<char> line = (end < 0 ? text : text[..end]).TrimEnd('\r');
            text = end < 0 ? default : text[(end + 1)..];
            if (!line.StartsWith('#') && TakeField(ref line, host) && TakeField(ref line, port) && TakeField(ref line, database) && TakeField(ref line, user))
                return Unescape(line);
        }

        return null;
    }

    /// <summary>Takes a field with its colon off the line, if it is a lone asterisk or, without its backslashes, the wanted text.</summary>
    private static bool TakeField(ref ReadOnlySpan<char> line, ReadOnlySpan<char> wanted)
    {
        if (line is ['*', ':', ..])
        {
            line = line[2..];
            return true;
        }

        int matched = 0;
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == ':' && matched == wanted.Length)
            {
                line = line[(i + 1)..];
                return true;
            }

            if (line[i] == '\\' && ++i == line.Length)
                return false;
            if (matched == wanted.Length || line[i] != wanted[matched++])
                return false;
        }

        return false;
    }

    /// <summary>The password ends at a colon that no backslash stands before; a backslash at the very end stands for itself.</summary>
    private static string Unescape(ReadOnlySpan<char> field)
    {
        var password = new StringBuilder(field.Length);
        for (int i = 0; i < field.Length && field[i] != ':'; i++)
        {
            if (field[i] == '\\' && i + 1 < field.Length)
                i++;
            password.Append(field[i]);
        }

        return password.ToString();
    }
}
