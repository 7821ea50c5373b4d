namespace NativeLambda.Database.Credentials;

/// <summary>Where the password comes from: <c>NATIVELAMBDA_AUTH</c>.</summary>
public enum AuthenticationMode
{
    /// <summary><c>password</c>: from the settings, or else from the password file, as in libpq.</summary>
    Password,

    /// <summary><c>iam</c>: a token of RDS IAM authentication, made anew for each connection.</summary>
    Iam,

    /// <summary><c>secret</c>: from Secrets Manager, through the AWS Parameters and Secrets Lambda Extension.</summary>
    Secret,
}
