using System.Globalization;

namespace NativeLambda.Demo;

/// <summary>What build/demo tells this program.</summary>
/// <param name="Folder">The folder with <c>bootstrap</c> and <c>schema.sql</c>.</param>
/// <param name="Gateway">The gateway's executable.</param>
/// <param name="Serve">Whether to keep everything up after the story, until Ctrl-C.</param>
/// <param name="Before">How long building took, for the sum at the end.</param>
internal sealed record DemoArguments(string Folder, string Gateway, bool Serve, TimeSpan Before)
{
    public const string Usage = "usage: NativeLambda.Demo FOLDER --gateway PROGRAM [--serve] [--built-in SECONDS]     (build/demo builds everything and calls this)";

    /// <summary>The arguments, or nothing and what is wrong with them.</summary>
    public static DemoArguments? TryParse(ReadOnlySpan<string> arguments, out string mistake)
    {
        mistake = "";
        string? folder = null, gateway = null;
        bool serve = false;
        int built = 0;
        for (int index = 0; index < arguments.Length; index++)
        {
            switch (arguments[index])
            {
                case "--serve":
                    serve = true;
                    break;
                case "--gateway" when index + 1 < arguments.Length:
                    gateway = arguments[++index];
                    break;
                case "--built-in" when index + 1 < arguments.Length && int.TryParse(arguments[index + 1], NumberStyles.None, CultureInfo.InvariantCulture, out built):
                    index++;
                    break;
                case ['-', ..] or "":
                case var _ when folder is not null:
                    mistake = $"unknown argument: {arguments[index]}";
                    return null;
                case var text:
                    folder = text;
                    break;
            }
        }

        if (folder is null)
            mistake = "the folder of the bootstrap is missing";
        else if (!File.Exists(Path.Combine(folder, "bootstrap")) || !File.Exists(Path.Combine(folder, "schema.sql")))
            mistake = $"{folder} does not hold bootstrap and schema.sql";
        else if (!File.Exists(gateway))
            mistake = gateway is null ? "--gateway is missing" : $"{gateway} is not there";
        return mistake.Length > 0 ? null : new DemoArguments(folder!, gateway!, serve, TimeSpan.FromSeconds(built));
    }
}
