using NativeLambda.Database.Credentials;

namespace NativeLambda.Tests.Database.Credentials;

public sealed class RdsTokenTests
{
    private const string Host = "prod-instance.us-east-1.rds.amazonaws.com";

    /// <summary>Tokens that the tests of AWS's SDKs expect: botocore (Python, 2016), aws-sdk-rust (2024), and paws (R, 2025), with a session token.</summary>
    public static TheoryData<string, string, string?, string, string, string, string> Known() => new()
    {
        { "akid", "skid", null, "someusername", "us-east-1", "2016-11-07T17:39:33Z", "d1138cdbc0ca63eec012ec0fc6c2267e03642168f5884a7795320d4c18374c61" },
        { "akid", "secret", null, "peccy", "us-east-1", "2024-08-26T22:00:00Z", "dd0cba843009474347af724090233265628ace491ea17ce3eb3da098b983ad89" },
        { "AKIA", "SECRET", "SESSION", "mysqlUser", "us-west-2", "2025-01-01T00:00:01Z", "4e4ce10c7b3710decae757df60ba2519348dcb4db802f15646dce1bf5e17c3ed" },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void A_known_token_is_made_to_the_letter(
        string keyId, string secret, string? session, string user, string region, string time, string signature)
    {
        DateTimeOffset now = DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);
        string stamp = time.Replace("-", "", StringComparison.Ordinal).Replace(":", "", StringComparison.Ordinal);
        string expected =
            $"{Host}:3306/?Action=connect&DBUser={user}&X-Amz-Algorithm=AWS4-HMAC-SHA256"
            + $"&X-Amz-Credential={keyId}%2F{stamp[..8]}%2F{region}%2Frds-db%2Faws4_request&X-Amz-Date={stamp}&X-Amz-Expires=900"
            + (session is null ? "" : $"&X-Amz-Security-Token={session}")
            + $"&X-Amz-SignedHeaders=host&X-Amz-Signature={signature}";
        Assert.Equal(expected, RdsToken.Create(Host, 3306, user, region, new AwsCredentials(keyId, secret, session), now));
    }

    [Fact]
    public void The_host_is_signed_in_lower_case_and_the_time_in_UTC()
    {
        var credentials = new AwsCredentials("akid", "secret", null);
        DateTimeOffset inUtc = new(2024, 8, 26, 22, 0, 0, TimeSpan.Zero);
        Assert.Equal(
            RdsToken.Create(Host, 3306, "peccy", "us-east-1", credentials, inUtc),
            RdsToken.Create(Host.ToUpperInvariant(), 3306, "peccy", "us-east-1", credentials, inUtc.ToOffset(TimeSpan.FromHours(2))));
    }

    [Fact]
    public void What_is_not_unreserved_is_encoded()
    {
        string token = RdsToken.Create(Host, 5432, "a b/c", "us-east-1", new AwsCredentials("akid", "secret", "x+/="), DateTimeOffset.UnixEpoch);
        Assert.Contains("&DBUser=a%20b%2Fc&", token, StringComparison.Ordinal);
        Assert.Contains("&X-Amz-Security-Token=x%2B%2F%3D&", token, StringComparison.Ordinal);
    }
}
