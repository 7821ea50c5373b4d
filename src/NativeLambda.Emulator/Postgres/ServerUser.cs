using System.ComponentModel;
using System.Runtime.InteropServices;

namespace NativeLambda.Emulator.Postgres;

/// <summary>The user that the server runs as: PostgreSQL refuses root.</summary>
/// <param name="Name">Name of the account, for messages; null for whoever runs this program.</param>
/// <param name="UserId">Its numeric id.</param>
/// <param name="GroupId">Its primary group.</param>
internal sealed record ServerUser(string? Name, uint UserId, uint GroupId)
{
    /// <summary>Whoever runs this program, or, for root, <c>postgres</c> where there is one, else <c>nobody</c>.</summary>
    public static ServerUser Choose() =>
        Environment.IsPrivilegedProcess ? ChooseForRoot(File.ReadAllLines("/etc/passwd")) : new ServerUser(null, 0, 0);

    /// <summary>The choice for root out of the lines of <c>/etc/passwd</c>.</summary>
    /// <exception cref="PostgresServerException">Neither account exists.</exception>
    internal static ServerUser ChooseForRoot(IEnumerable<string> accounts)
    {
        ServerUser[] candidates =
        [
            .. from line in accounts
               let fields = line.Split(':')
               where fields.Length >= 4 && fields[0] is "postgres" or "nobody" && fields[2] != "0"
               select new ServerUser(fields[0], ParseId(fields[2]), ParseId(fields[3])),
        ];
        return candidates.FirstOrDefault(user => user.Name == "postgres") ?? candidates.FirstOrDefault()
            ?? throw new PostgresServerException(
                "PostgreSQL does not run as root, and there is neither an account postgres nor one nobody to run it as. "
                + "Add one (useradd --system postgres), or run this as an ordinary user.");
    }

    /// <summary>The words that go before a command so that it runs as this user; none when that is who runs this program.</summary>
    public IReadOnlyList<string> CommandPrefix => Name is null
        ? []
        : ["setpriv", $"--reuid={UserId}", $"--regid={GroupId}", "--clear-groups", "--no-new-privs", "--"];

    /// <summary>Gives the user a file or directory; nothing to do when it made it itself.</summary>
    public void Own(string path)
    {
        if (Name is not null && NativeMethods.ChangeOwner(path, UserId, GroupId) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"Cannot give {path} to {Name}: {Marshal.GetLastPInvokeErrorMessage()}.");
    }

    private static uint ParseId(string text) => uint.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
