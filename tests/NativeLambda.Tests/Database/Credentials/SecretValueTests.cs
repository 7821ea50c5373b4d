using System.Text;
using System.Text.Json;
using NativeLambda.Database.Credentials;

namespace NativeLambda.Tests.Database.Credentials;

public sealed class SecretValueTests
{
    private static SecretValue Read(string answer) => SecretValue.Read(Encoding.UTF8.GetBytes(answer), "prod/db");

    private static SecretValue ReadSecret(string secret) => Read($$"""{"ARN":"arn","Nested":{"a":[1]},"SecretString":{{JsonSerializer.Serialize(secret)}},"VersionStages":["AWSCURRENT"]}""");

    [Fact]
    public void The_format_of_RDS_gives_role_and_password()
    {
        SecretValue secret = ReadSecret("""{"engine":"postgres","host":"h","username":"app","password":"p\"w\u00e4","port":5432,"tags":{"password":"no"}}""");
        Assert.Equal(("app", "p\"wä"), (secret.User, secret.Password));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData(" with spaces ")]
    [InlineData("{brace")]
    [InlineData("""{"password":"cut off""")]
    [InlineData("""{"password":"x"} and more""")]
    [InlineData("\"quoted\"")]
    public void A_text_that_is_no_object_is_the_password(string text)
    {
        SecretValue secret = ReadSecret(text);
        Assert.Equal((null, text), (secret.User, secret.Password));
    }

    [Fact]
    public void A_role_is_optional() => Assert.Null(ReadSecret("""{"password":"x"}""").User);

    [Theory]
    [InlineData("""{"username":"app","Password":"s3cret"}""")]
    [InlineData("""{"password":123456}""")]
    [InlineData("""{"password":"","other":"s3cret"}""")]
    [InlineData("{}")]
    public void An_object_without_a_password_names_the_secret_and_shows_none_of_it(string text)
    {
        CredentialException missing = Assert.Throws<CredentialException>(() => ReadSecret(text));
        Assert.Contains("the secret prod/db has no member password", missing.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", missing.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("123456", missing.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"SecretBinary":"czNjcmV0"}""", "no text")]
    [InlineData("s3cret", "not JSON")]
    [InlineData("[]", "not JSON")]
    [InlineData("", "not JSON")]
    [InlineData("""{"SecretString":"s3cret""", "not JSON")]
    public void Another_answer_is_refused_and_not_shown(string answer, string reason)
    {
        CredentialException refused = Assert.Throws<CredentialException>(() => Read(answer));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void It_shows_nothing_of_itself() => Assert.DoesNotContain("s3cret", ReadSecret("s3cret").ToString(), StringComparison.Ordinal);
}
