using NativeLambda.Http;

namespace NativeLambda.Function.Products;

/// <summary>The body of a PUT: <c>{"name","price"}</c>.</summary>
internal readonly record struct ProductBody(string Name, decimal Price)
{
    private const int MaxNameLength = 200;

    /// <exception cref="HttpProblemException">It is not one; the problem names the member.</exception>
    public static ProductBody Read(HttpRequest request)
    {
        string? name = null;
        decimal? price = null;
        JsonBody body = JsonBody.Open(request);
        while (body.NextMember(["name", "price"], out string member))
        {
            if (member == "name")
                name = CheckName(body.String(member));
            else if (Products.Price.TryParse(body.Number(member), out decimal value))
                price = value;
            else
                throw new HttpProblemException(400, "The price must be a number from 0 to 9999999.99 with at most 2 decimals.", member);
        }

        return new ProductBody(name ?? throw JsonBody.Missing("name"), price ?? throw JsonBody.Missing("price"));
    }

    /// <summary>Characters are Unicode code points, as PostgreSQL's <c>char_length</c> counts them; it cannot store U+0000.</summary>
    private static string CheckName(string name)
    {
        int length = 0;
        foreach (char c in name)
            length += char.IsLowSurrogate(c) ? 0 : 1;
        if (length is < 1 or > MaxNameLength || name.Contains('\0'))
            throw new HttpProblemException(400, $"The name must be 1 to {MaxNameLength} characters, without U+0000.", "name");
        return name;
    }
}
