using NativeLambda.Settings;

namespace NativeLambda.Database.Credentials;

/// <summary>The credentials of the function's role, as Lambda puts them into the environment.</summary>
internal readonly record struct AwsCredentials(string AccessKeyId, string SecretAccessKey, string? SessionToken)
{
    /// <exception cref="CredentialException">They are not there.</exception>
    public static AwsCredentials Read(VariableReader variables) => new(
        variables.Text("AWS_ACCESS_KEY_ID") ?? throw Missing("AWS_ACCESS_KEY_ID"),
        variables.Text("AWS_SECRET_ACCESS_KEY") ?? throw Missing("AWS_SECRET_ACCESS_KEY"),
        variables.Text("AWS_SESSION_TOKEN"));

    /// <summary>The key id, which is no secret.</summary>
    public override string ToString() => AccessKeyId;

    private static CredentialException Missing(string variable) =>
        new($"the IAM token cannot be made: {variable} is not set, which Lambda sets to the credentials of the function's role");
}
