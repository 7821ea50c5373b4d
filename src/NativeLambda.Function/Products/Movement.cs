using System.Text.Json;

namespace NativeLambda.Function.Products;

/// <summary>A change of a product's stock, and the stock after it.</summary>
internal sealed record Movement(long Id, string ProductId, int Quantity, long Stock)
{
    public static void Write(Utf8JsonWriter writer, Movement movement)
    {
        writer.WriteStartObject();
        writer.WriteNumber("id"u8, movement.Id);
        writer.WriteString("productId"u8, movement.ProductId);
        writer.WriteNumber("quantity"u8, movement.Quantity);
        writer.WriteNumber("stock"u8, movement.Stock);
        writer.WriteEndObject();
    }
}
