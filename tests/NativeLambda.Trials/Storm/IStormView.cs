namespace NativeLambda.Trials.Storm;

/// <summary>Who watches the storm.</summary>
internal interface IStormView
{
    /// <summary>Several times a second.</summary>
    void Show(StormProgress progress);

    /// <summary>A line that stays.</summary>
    void Say(string line);
}
