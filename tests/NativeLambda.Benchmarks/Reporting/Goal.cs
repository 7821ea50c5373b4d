namespace NativeLambda.Benchmarks.Reporting;

/// <summary>Something that must hold.</summary>
/// <param name="What">What must hold, in words.</param>
/// <param name="Measured">What was measured, in words; why not, where it was not.</param>
/// <param name="IsMet">Whether it holds; nothing where it was not measured.</param>
internal sealed record Goal(string What, string Measured, bool? IsMet)
{
    /// <summary>One word for it.</summary>
    public string Mark => IsMet switch
    {
        true => "held",
        false => "**missed**",
        null => "not measured",
    };
}
