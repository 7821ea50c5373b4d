using System.Buffers.Text;
using NativeLambda.Http;

namespace NativeLambda.Function.Products;

/// <summary>The body of a movement: <c>{"quantity"}</c>, positive for goods that come in, negative for goods that go out.</summary>
internal readonly record struct MovementBody(int Quantity)
{
    // Far from where sums of a bigint could overflow, and enough to notice a barcode in the wrong field.
    private const int MaxQuantity = 1_000_000;

    /// <exception cref="HttpProblemException">It is not one; the problem names the member.</exception>
    public static MovementBody Read(HttpRequest request)
    {
        int? quantity = null;
        JsonBody body = JsonBody.Open(request);
        while (body.NextMember(["quantity"], out string member))
        {
            ReadOnlySpan<byte> number = body.Number(member);
            if (!Utf8Parser.TryParse(number, out int value, out int read) || read != number.Length
                || value is 0 or < -MaxQuantity or > MaxQuantity)
            {
                throw new HttpProblemException(400, $"The quantity must be a whole number from {-MaxQuantity} to {MaxQuantity}, and not 0.", member);
            }

            quantity = value;
        }

        return new MovementBody(quantity ?? throw JsonBody.Missing("quantity"));
    }
}
