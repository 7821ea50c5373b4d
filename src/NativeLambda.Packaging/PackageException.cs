namespace NativeLambda.Packaging;

/// <summary>No package is made; the message says why and what to do.</summary>
internal sealed class PackageException : Exception
{
    /// <summary>What was given is wrong.</summary>
    public const int BadInput = 2;

    /// <summary>What was built is wrong, or could not be built.</summary>
    public const int BadProgram = 1;

    private PackageException(int exitCode, string message)
        : base(message) => ExitCode = exitCode;

    /// <summary>The exit code of the command.</summary>
    public int ExitCode { get; }

    public static PackageException ForInput(string message) => new(BadInput, message);

    public static PackageException ForProgram(string message) => new(BadProgram, message);
}
