using System.Globalization;

namespace NativeLambda.Emulator.Sandboxing;

/// <summary>Gives an environment its share of the processors: a quota of CPU time in each period.</summary>
internal sealed class CpuController(ControllerGroup group)
{
    /// <summary>Short, as Lambda's is said to be: a small function stands still for milliseconds at a time, not for tenths of a second.</summary>
    internal const int PeriodUs = 20_000;

    /// <summary>The least that the kernel takes.</summary>
    internal const int LeastQuotaUs = 1_000;

    /// <summary>Sets the share; nothing lifts it.</summary>
    public void Limit(double? processors)
    {
        long? quota = processors is { } share ? QuotaUs(share) : null;
        if (group.IsVersion2)
        {
            string text = quota?.ToString(CultureInfo.InvariantCulture) ?? "max";
            group.Write("cpu.max", string.Create(CultureInfo.InvariantCulture, $"{text} {PeriodUs}"));
            return;
        }
        group.Write("cpu.cfs_period_us", PeriodUs.ToString(CultureInfo.InvariantCulture));
        group.Write("cpu.cfs_quota_us", (quota ?? -1).ToString(CultureInfo.InvariantCulture));
    }

    internal static long QuotaUs(double processors) => Math.Max((long)Math.Round(processors * PeriodUs), LeastQuotaUs);
}
