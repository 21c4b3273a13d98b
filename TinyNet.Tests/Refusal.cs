using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using TinyNet.Core;

namespace TinyNet.Tests;

/// <summary>Expects an exception whose message says what is wrong.</summary>
internal static class Refusal
{
    /// <summary>The exception of exactly this type, whose message holds each of the parts.</summary>
    public static T Of<T>(Action action, params string[] parts) where T : Exception
    {
        var exception = Assert.Throws<T>(action);
        foreach (string part in parts)
        {
            Assert.Contains(part, exception.Message, StringComparison.Ordinal);
        }

        return exception;
    }

    /// <summary>The same for an expression.</summary>
    public static T Of<T>(Func<object?> expression, params string[] parts) where T : Exception => Of<T>(() => { _ = expression(); }, parts);
}

/// <summary>Runs something on a thread of its own and waits for it.</summary>
internal static class OtherThread
{
    public static void Run(Action action)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                action();
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }
}

/// <summary>In all tests, rented memory is filled with nan: what is read before it is written shows.</summary>
internal static class PoisonedRentals
{
#pragma warning disable CA2255 // It must hold before any test runs, whichever is first.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Begin() => BufferPool.PoisonRentals = true;
}
