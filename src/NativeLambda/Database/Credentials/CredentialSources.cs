using NativeLambda.Settings;

namespace NativeLambda.Database.Credentials;

/// <summary>Chooses the source that the settings ask for.</summary>
internal static class CredentialSources
{
    /// <param name="settings">Where the database is and how to log in.</param>
    /// <param name="variables">The environment variables, where AWS puts the function's own credentials.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The source, or <see langword="null"/> where the settings hold the password.</returns>
    public static ICredentialSource? Create(ConnectionSettings settings, VariableReader variables, TimeProvider time) => settings switch
    {
        { Authentication: AuthenticationMode.Iam } => new IamTokenSource(settings, variables, time),
        { Authentication: AuthenticationMode.Secret } =>
            new SecretSource(settings, new SecretsExtension(settings.SecretsExtensionPort, variables), time),
        { Password: null } => new PasswordFileSource(settings),
        _ => null,
    };
}
