using System.Collections;

namespace NativeLambda.Http;

/// <summary>The parameters of a query string, decoded, in the order they were sent.</summary>
/// <remarks>
/// Read from the raw query string: the event's own map joins the values of a repeated parameter by commas, after which a comma
/// inside a value can no longer be told from one between two values.
/// </remarks>
public sealed class HttpQuery : IEnumerable<KeyValuePair<string, string>>
{
    private readonly List<KeyValuePair<string, string>> _parameters = [];

    private HttpQuery()
    {
    }

    /// <summary>How many parameters there are, repeated ones counted each time.</summary>
    public int Count => _parameters.Count;

    /// <summary>The first value of a parameter, or <see langword="null"/> when it is absent.</summary>
    /// <param name="name">The decoded name, case-sensitive.</param>
    public string? this[string name]
    {
        get
        {
            foreach (KeyValuePair<string, string> parameter in _parameters)
            {
                if (parameter.Key == name)
                    return parameter.Value;
            }

            return null;
        }
    }

    /// <summary>Reads a query string. Never fails: what is not properly encoded stands for itself.</summary>
    /// <param name="rawQueryString">The query as sent, without the question mark.</param>
    public static HttpQuery Parse(string rawQueryString)
    {
        ArgumentNullException.ThrowIfNull(rawQueryString);
        var query = new HttpQuery();
        for (ReadOnlySpan<char> rest = rawQueryString; !rest.IsEmpty;)
        {
            int ampersand = rest.IndexOf('&');
            ReadOnlySpan<char> pair = ampersand < 0 ? rest : rest[..ampersand];
            rest = ampersand < 0 ? default : rest[(ampersand + 1)..];
            if (pair.IsEmpty)
                continue;
            int equals = pair.IndexOf('=');
            string name = PercentEncoding.Decode(equals < 0 ? pair : pair[..equals], plusIsSpace: true);
            string value = equals < 0 ? "" : PercentEncoding.Decode(pair[(equals + 1)..], plusIsSpace: true);
            query._parameters.Add(new KeyValuePair<string, string>(name, value));
        }

        return query;
    }

    /// <summary>All values of a parameter, in the order they were sent; none when it is absent.</summary>
    /// <param name="name">The decoded name, case-sensitive.</param>
    public IReadOnlyList<string> GetAll(string name)
    {
        var values = new List<string>();
        foreach (KeyValuePair<string, string> parameter in _parameters)
        {
            if (parameter.Key == name)
                values.Add(parameter.Value);
        }

        return values;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _parameters.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
