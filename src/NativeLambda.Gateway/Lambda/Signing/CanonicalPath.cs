namespace NativeLambda.Gateway.Lambda.Signing;

/// <summary>The path of a request as its signature has it.</summary>
/// <remarks>
/// Source: <see href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">AWS, create a signed request</see>:
/// normalised after RFC 3986, section 6, and each segment encoded once more than it is sent.
/// </remarks>
internal static class CanonicalPath
{
    /// <summary>The canonical form of a path as it stands in the request's first line.</summary>
    public static string Of(string path)
    {
        var segments = new List<string>();
        foreach (string segment in path.Split('/'))
        {
            switch (segment)
            {
                case "" or ".":
                    break;
                case "..":
                    if (segments.Count > 0) segments.RemoveAt(segments.Count - 1);
                    break;
                default:
                    segments.Add(Uri.EscapeDataString(segment));
                    break;
            }
        }

        bool isFolder = path.EndsWith('/') || path.EndsWith("/.", StringComparison.Ordinal) || path.EndsWith("/..", StringComparison.Ordinal);
        return segments.Count == 0 ? "/" : $"/{string.Join('/', segments)}{(isFolder ? "/" : "")}";
    }
}
