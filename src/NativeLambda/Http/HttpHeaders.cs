using System.Collections;

namespace NativeLambda.Http;

/// <summary>
/// Header fields: names without regard to case, one value a name. Several values of one name are joined by commas, as API Gateway
/// delivers and expects them; cookies travel apart (<see cref="HttpRequest.Cookies"/>, <see cref="HttpResponse.Cookies"/>).
/// </summary>
/// <remarks>Source: <see href="https://www.rfc-editor.org/rfc/rfc9110#section-5">RFC 9110, section 5</see>.</remarks>
public sealed class HttpHeaders : IEnumerable<KeyValuePair<string, string>>
{
    private readonly Dictionary<string, string> _values;

    /// <summary>Creates an empty set of fields.</summary>
    public HttpHeaders() => _values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    private HttpHeaders(HttpHeaders other) =>
        _values = new Dictionary<string, string>(other._values, StringComparer.OrdinalIgnoreCase);

    /// <summary>How many names there are.</summary>
    public int Count => _values.Count;

    /// <summary>The value of a field, or <see langword="null"/> when it is absent. Setting it replaces the value.</summary>
    /// <param name="name">The name of the field.</param>
    public string? this[string name]
    {
        get => _values.GetValueOrDefault(name);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            _values[name] = value;
        }
    }

    /// <summary>Adds a value to a field: after a comma when the field is already there.</summary>
    /// <param name="name">The name of the field.</param>
    /// <param name="value">The value.</param>
    public void Add(string name, string value) =>
        _values[name] = _values.TryGetValue(name, out string? before) ? $"{before},{value}" : value;

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal HttpHeaders With(string name, string value) => new(this) { [name] = value };
}
