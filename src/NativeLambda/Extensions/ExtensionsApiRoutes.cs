namespace NativeLambda.Extensions;

/// <summary>The routes and headers of the Extensions API (version 2020-01-01) that an internal extension needs.</summary>
/// <remarks>Source: <see href="https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html">Lambda Extensions API</see>.</remarks>
internal static class ExtensionsApiRoutes
{
    public const string Register = Root + "register";

    public const string NextEvent = Root + "event/next";

    /// <summary>The header of <see cref="Register"/> that names the extension.</summary>
    public const string NameHeader = "Lambda-Extension-Name";

    /// <summary>The header of <see cref="NextEvent"/> that says which extension asks.</summary>
    public const string IdentifierHeader = "Lambda-Extension-Identifier";

    private const string Root = "/2020-01-01/extension/";

    /// <summary><see cref="IdentifierHeader"/>, as it is looked for in the answer to <see cref="Register"/>.</summary>
    public static ReadOnlySpan<byte> Identifier => "Lambda-Extension-Identifier"u8;
}
