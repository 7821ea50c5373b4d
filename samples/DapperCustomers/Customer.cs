namespace NativeLambda.Samples.DapperCustomers;

/// <summary>A row, as Dapper reads it and clients see it.</summary>
internal sealed class Customer
{
    /// <summary>The id.</summary>
    public string Id { get; set; } = "";

    /// <summary>The name.</summary>
    public string Name { get; set; } = "";

    /// <summary>How much they may owe.</summary>
    public decimal Credit { get; set; }
}
