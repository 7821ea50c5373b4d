using System.Text.Json;

namespace NativeLambda.Function.Products;

/// <summary>A page of products in the order of their ids.</summary>
/// <param name="Items">The products.</param>
/// <param name="Next">The <c>after</c> of the next page; <see langword="null"/> on the last one.</param>
internal sealed record ProductPage(IReadOnlyList<Product> Items, string? Next)
{
    public static void Write(Utf8JsonWriter writer, ProductPage page)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("items"u8);
        foreach (Product product in page.Items)
            Product.Write(writer, product);
        writer.WriteEndArray();
        writer.WriteString("next"u8, page.Next);
        writer.WriteEndObject();
    }
}
