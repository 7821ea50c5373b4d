namespace NativeLambda.Trials.Soak.Judging;

/// <summary>
/// The stocks that a product has had, one after the other, and which of them can be seen at a time: not one from before a movement
/// that was acknowledged earlier, nor one with a movement that was asked for later.
/// </summary>
internal sealed class ProductTimeline
{
    private readonly long[] _stocks;
    private readonly (TimeSpan Time, int Position)[] _acknowledged; // by their ends; the highest position so far
    private readonly (TimeSpan Time, int Position)[] _asked; // by their starts; the lowest position from here on

    /// <param name="movements">The movements of the product in order.</param>
    /// <param name="writes">The writes of the product that were found, each with the number of its movement, from 1.</param>
    public ProductTimeline(IReadOnlyList<MovementRow> movements, IReadOnlyList<(WriteRecord Write, int Position)> writes)
    {
        _stocks = [0, .. movements.Select(movement => movement.Stock)];
        _acknowledged = [.. writes.Where(found => found.Write.Result == WriteResult.Acknowledged)
            .Select(found => (found.Write.End, found.Position)).OrderBy(mark => mark.End)];
        for (int i = 1; i < _acknowledged.Length; i++)
            _acknowledged[i].Position = Math.Max(_acknowledged[i].Position, _acknowledged[i - 1].Position);
        _asked = [.. writes.Select(found => (found.Write.Start, found.Position)).OrderBy(mark => mark.Start)];
        for (int i = _asked.Length - 2; i >= 0; i--)
            _asked[i].Position = Math.Min(_asked[i].Position, _asked[i + 1].Position);
    }

    /// <summary>The stock after so many movements.</summary>
    public long StockAfter(int movements) => _stocks[movements];

    /// <summary>How many movements must be seen by who asks at this time.</summary>
    public int Earliest(TimeSpan start)
    {
        int before = CountBefore(_acknowledged, start, orAt: false);
        return before == 0 ? 0 : _acknowledged[before - 1].Position;
    }

    /// <summary>How many movements can be seen by who has its answer at this time.</summary>
    public int Latest(TimeSpan end)
    {
        int before = CountBefore(_asked, end, orAt: true);
        return before == _asked.Length ? _stocks.Length - 1 : _asked[before].Position - 1;
    }

    private static int CountBefore((TimeSpan Time, int Position)[] marks, TimeSpan time, bool orAt)
    {
        int low = 0, high = marks.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (marks[middle].Time < time || (orAt && marks[middle].Time == time))
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
