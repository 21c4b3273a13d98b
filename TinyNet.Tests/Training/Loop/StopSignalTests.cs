using System.Runtime.InteropServices;
using TinyNet.Training;

namespace TinyNet.Tests.Training;

/// <summary>Which signals end a process that trains.</summary>
public class StopSignalTests
{
    [Theory, InlineData(false), InlineData(true)]
    public void The_first_is_taken_and_the_second_is_left_to_others(bool isTakenByOthers)
    {
        using var signals = new StopSignals();
        Assert.False(signals.HaveCome);
        foreach (bool isTaken in new[] { true, isTakenByOthers })
        {
            var context = new PosixSignalContext(PosixSignal.SIGINT) { Cancel = isTakenByOthers };
            signals.Note(context);
            Assert.Equal(isTaken, context.Cancel);
        }

        Assert.True(signals.HaveCome);
    }
}
