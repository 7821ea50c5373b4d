using System.Globalization;
using System.Reflection;
using System.Text;

namespace NativeLambda.Packaging.Bill;

/// <summary>The licences of all that is in the program, with their texts, as those licences ask of who passes the program on.</summary>
internal static class Notices
{
    private static readonly string Line = new('-', 80);

    /// <summary>Writes them.</summary>
    /// <exception cref="PackageException">A package has neither a text nor one here.</exception>
    public static string Write(IEnumerable<PackageFolder> packages)
    {
        var text = new StringBuilder("What is in this program, and under which licences.\n");
        var notices = new List<(string From, string Text)>();
        foreach (PackageFolder package in packages)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{Line}\n{package.Id} {package.Version}\nLicence: {package.Terms.Licence ?? "see below"}\n");
            if (package.Terms.Copyright is { } copyright) text.Append(copyright).Append('\n');
            text.Append('\n').Append(LicenceOf(package).Trim()).Append('\n');
            // Packages of one release bring the same notices.
            if (package.ReadText("THIRD-PARTY-NOTICES") is { } others && !notices.Exists(known => known.Text == others)) notices.Add(($"{package.Id} {package.Version}", others));
        }
        foreach ((string from, string notice) in notices) text.Append(CultureInfo.InvariantCulture, $"\n{Line}\nNotices that {from} passes on\n\n{notice.Trim()}\n");
        return text.ToString();
    }

    private static string LicenceOf(PackageFolder package) =>
        package.ReadText("LICENSE") ?? Known(package.Id) ?? Known(string.Join('.', package.Id.Split('.').Take(2)))
        ?? throw PackageException.ForProgram(
            $"package {package.Id} {package.Version} ({package.Terms.Licence ?? "no licence named"}) brings no licence text: put it into src/NativeLambda.Packaging/Bill/Licences/{package.Id}.txt");

    private static string? Known(string name)
    {
        using Stream? stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"licences/{name}.txt");
        if (stream is null) return null;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
