using System.Runtime.Versioning;
using NativeLambda.Database.Credentials;
using NativeLambda.Tests.TestSupport;

namespace NativeLambda.Tests.Database.Credentials;

public sealed class PasswordFileSourceTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName(); // Mode 0600.

    public void Dispose() => File.Delete(_file);

    private PasswordFileSource Source(string? file) => new(TestSettings.With(null).Connection with { Password = null, PasswordFile = file });

    private string Get(string host = "db.example") => Source(_file).GetPassword(host, 5432);

    [Fact]
    public void The_file_is_read_anew_each_time()
    {
        File.WriteAllText(_file, "db.example:5432:products:app:old");
        Assert.Equal("old", Get());
        File.WriteAllText(_file, "db.example:5432:products:app:new");
        Assert.Equal("new", Get());
    }

    [Theory]
    [InlineData("/var/run/postgresql", "localhost")]
    [InlineData("/tmp", "localhost")]
    [InlineData("/srv/sockets", "/srv/sockets")]
    public void A_default_socket_directory_goes_by_the_name_localhost(string host, string name)
    {
        File.WriteAllText(_file, $"{name}:5432:products:app:pw");
        Assert.Equal("pw", Get(host));
    }

    [Fact]
    public void No_entry_says_what_was_looked_for_and_no_other_entry()
    {
        File.WriteAllText(_file, "other:5432:products:app:s3cret");
        CredentialException missing = Assert.Throws<CredentialException>(() => Get());
        Assert.Contains($"{_file} has no entry for host db.example, port 5432, database products, user app", missing.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", missing.ToString(), StringComparison.Ordinal);
        AssertNamesTheSources(missing);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherExecute)]
    [UnsupportedOSPlatform("windows")]
    public void A_file_that_others_may_access_is_ignored(UnixFileMode others)
    {
        File.WriteAllText(_file, "*:*:*:*:pw");
        File.SetUnixFileMode(_file, UnixFileMode.UserRead | UnixFileMode.UserWrite | others);
        CredentialException missing = Assert.Throws<CredentialException>(() => Get());
        Assert.Contains("chmod 0600", missing.Message, StringComparison.Ordinal);
        AssertNamesTheSources(missing);
    }

    [Fact]
    public void No_file_says_so()
    {
        CredentialException missing = Assert.Throws<CredentialException>(() => Source("/nonexistent/pgpass").GetPassword("h", 1));
        Assert.Contains("/nonexistent/pgpass does not exist", missing.Message, StringComparison.Ordinal);
        AssertNamesTheSources(missing);
        AssertNamesTheSources(Assert.Throws<CredentialException>(() => Source(null).GetPassword("h", 1)));
    }

    private static void AssertNamesTheSources(CredentialException missing)
    {
        Assert.False(missing.IsTransient);
        foreach (string source in new[] { "DATABASE_URL", "PGPASSWORD", "PGPASSFILE", "NATIVELAMBDA_AUTH" })
            Assert.Contains(source, missing.Message, StringComparison.Ordinal);
    }
}
