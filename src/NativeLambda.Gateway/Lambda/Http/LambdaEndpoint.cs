namespace NativeLambda.Gateway.Lambda.Http;

/// <summary>Where Lambda is.</summary>
/// <param name="Address">Its address, ending in a slash.</param>
/// <param name="Region">The Region that requests are signed for.</param>
internal sealed record LambdaEndpoint(Uri Address, string Region)
{
    /// <summary>The value of <c>Host</c>.</summary>
    public string Host => Address.IsDefaultPort ? Address.IdnHost : Address.HostNameType == UriHostNameType.IPv6 ? Address.Authority : $"{Address.IdnHost}:{Address.Port}";

    /// <summary>Whether it is on this machine, as emulators are.</summary>
    public bool IsLoopback => Address.IsLoopback;

    /// <summary>AWS's own in a Region. Source: <see href="https://docs.aws.amazon.com/general/latest/gr/lambda-service.html">AWS, Lambda endpoints</see>.</summary>
    public static LambdaEndpoint OfAws(string region) => new(new Uri($"https://lambda.{region}.{DomainOf(region)}/"), region);

    /// <summary>Another one.</summary>
    /// <exception cref="ArgumentException">It is no address of HTTP, or it has a query, a fragment or credentials.</exception>
    public static LambdaEndpoint Of(Uri address, string region)
    {
        if (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https") || address.Query.Length > 0 || address.Fragment.Length > 0 || address.UserInfo.Length > 0)
            throw new ArgumentException("The endpoint of Lambda is an address such as http://127.0.0.1:9001 or https://host/path, without credentials, query and fragment.", nameof(address));
        return new(address.AbsolutePath.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/"), region);
    }

    // The partitions of AWS; RegionEndpoint of the SDK knows them too, from a table that is older than the newest Region.
    private static string DomainOf(string region) => region switch
    {
        _ when region.StartsWith("cn-", StringComparison.Ordinal) => "amazonaws.com.cn",
        _ when region.StartsWith("eusc-", StringComparison.Ordinal) => "amazonaws.eu",
        _ when region.StartsWith("us-iso-", StringComparison.Ordinal) => "c2s.ic.gov",
        _ when region.StartsWith("us-isob-", StringComparison.Ordinal) => "sc2s.sgov.gov",
        _ => "amazonaws.com",
    };
}
