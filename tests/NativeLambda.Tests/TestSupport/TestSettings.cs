using NativeLambda.Database;

namespace NativeLambda.Tests.TestSupport;

internal static class TestSettings
{
    public const string Password = "s3cret-p4ssword";

    public static DatabaseSettings With(LifetimeSettings? lifetime) => new(
        new ConnectionSettings
        {
            Host = "db.example",
            Database = "products",
            User = "app",
            Password = Password,
            TlsMode = TlsMode.VerifyFull,
        },
        lifetime ?? new LifetimeSettings());
}
