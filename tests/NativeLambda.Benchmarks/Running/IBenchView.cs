namespace NativeLambda.Benchmarks.Running;

/// <summary>Who watches a run.</summary>
internal interface IBenchView
{
    /// <summary>So many steps are to come.</summary>
    void Begin(int steps);

    /// <summary>The next step begins.</summary>
    /// <param name="section">What is measured.</param>
    /// <param name="contender">Of which function.</param>
    void Step(string section, string contender);

    /// <summary>Says something that stays.</summary>
    void Say(string line);
}
