using System.Text.Json;

namespace NativeLambda.Demo.Staging;

/// <summary>What the function answered to a request.</summary>
/// <param name="Method">The request's method.</param>
/// <param name="Path">Its path and query.</param>
/// <param name="Status">The status of the answer.</param>
/// <param name="Body">Its body.</param>
/// <param name="Elapsed">From sending to the last byte, as the caller saw it.</param>
internal sealed record Answer(string Method, string Path, int Status, string Body, TimeSpan Elapsed)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>Status and, when it is none of success, the body.</summary>
    public string Summary => IsSuccess ? $"{Status}" : $"{Status} {Body}";

    /// <summary>A member of the JSON body; nothing when it is not there.</summary>
    public long? Number(string member) =>
        IsSuccess && JsonElement.Parse(Body).TryGetProperty(member, out JsonElement value) ? value.GetInt64() : null;
}
