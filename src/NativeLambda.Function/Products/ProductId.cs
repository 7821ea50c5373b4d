using NativeLambda.Http;

namespace NativeLambda.Function.Products;

/// <summary>The syntax of a product's id.</summary>
internal static class ProductId
{
    private const int MaxLength = 64;

    /// <summary>The <c>id</c> of the path.</summary>
    /// <exception cref="HttpProblemException">400: it is not an id.</exception>
    public static string From(HttpRequest request) => Check(request.RouteParameters["id"], "id");

    /// <summary>Returns the id, if it is one.</summary>
    /// <exception cref="HttpProblemException">400: it is not an id.</exception>
    public static string Check(string id, string field) => IsValid(id)
        ? id
        : throw new HttpProblemException(400, $"The {field} must be 1 to {MaxLength} characters out of A-Z, a-z, 0-9, '_' and '-'.", field);

    private static bool IsValid(string id)
    {
        foreach (char c in id)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-'))
                return false;
        }

        return id.Length is >= 1 and <= MaxLength;
    }
}
