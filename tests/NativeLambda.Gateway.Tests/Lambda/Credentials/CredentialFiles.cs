using System.Runtime.CompilerServices;

namespace NativeLambda.Gateway.Tests.Lambda.Credentials;

/// <summary>
/// The shared files of AWS for this process and those that it starts: a folder of the tests' own, never that of whoever runs them. The SDK
/// takes their places once, if there is a file: so they are said, and there, before anything else runs.
/// </summary>
internal static class CredentialFiles
{
    private static readonly string Folder = Directory.CreateTempSubdirectory("gateway-aws-").FullName;

    public static string Credentials => Path.Combine(Folder, "credentials");

    public static string Configuration => Path.Combine(Folder, "config");

    [ModuleInitializer]
    internal static void Use()
    {
        Remove();
#pragma warning disable RS0030 // Managed code reads them, in this process and its children.
        Environment.SetEnvironmentVariable("AWS_SHARED_CREDENTIALS_FILE", Credentials);
        Environment.SetEnvironmentVariable("AWS_CONFIG_FILE", Configuration);
#pragma warning restore RS0030
        AppDomain.CurrentDomain.ProcessExit += static (_, _) => Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Leaves nothing in them.</summary>
    public static void Remove()
    {
        File.WriteAllText(Credentials, "");
        File.WriteAllText(Configuration, "");
    }
}
