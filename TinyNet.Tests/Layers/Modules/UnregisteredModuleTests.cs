using TinyNet.Autograd;
using TinyNet.Core;
using TinyNet.Layers;

namespace TinyNet.Tests.Layers;

/// <summary>A module that runs in another one must be registered in it, or have no part in its learning.</summary>
public class UnregisteredModuleTests
{
    private readonly Tensor _x = Tensor.Ones([4, 2]);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_forgotten_module_without_parameters_is_named(bool evaluates)
    {
        Module<Tensor, Tensor>[] forgotten =
        [
            new Dropout(0.5f), new AlphaDropout(0.5f), new SpatialDropout(0.5f), new RReLU(), new BatchNorm1d(2, affine: false), new ReLU(),
            new Sequential(new Dropout(0.5f)),
        ];
        foreach (var module in forgotten)
        {
            var model = new Sequential(new Dense(2, 2), new Holder(module));
            model.Train(!evaluates);
            using var scope = evaluates ? Tape.NoRecord() : Tape.Record();
            var exception = Refusal.Of<RegistrationException>(
                () => model.Forward(_x), $"{module.Describe()} ran in 1 (Holder)", "Train(), Evaluate()", "Child", "in module 1 (Holder)");
            Assert.Equal(module.GetType().Name, exception.Operation);
        }
    }

    [Fact]
    public void A_module_made_in_the_forward_pass_is_refused_every_time()
    {
        var model = new Calling(x => new Dropout(0.5f).Forward(x));
        Assert.Throws<RegistrationException>(() => model.Forward(_x));
        Assert.Throws<RegistrationException>(() => model.Forward(_x));
    }

    [Fact]
    public void What_is_registered_with_another_model_only_is_refused()
    {
        var dropout = new Dropout(0.5f);
        var other = new Sequential(dropout);
        other.Forward(_x);
        Assert.Throws<RegistrationException>(() => new Holder(dropout).Forward(_x));
        other.Forward(_x);
    }

    [Fact]
    public void A_list_that_was_not_registered_is_found_by_its_modules()
    {
        var list = new ModuleList<Dropout>(new Dropout(0.5f));
        Refusal.Of<RegistrationException>(() => new Calling(x => list[0].Forward(x)).Forward(_x), "Dropout", "Child");
    }

    [Fact]
    public void A_module_alone_and_one_shared_by_models_in_turn_run()
    {
        var shared = new Dropout(0.5f);
        Sequential first = new(shared), second = new(new Tanh(), shared);
        for (int i = 0; i < 2; i++)
        {
            shared.Forward(_x);
            first.Forward(_x);
            second.Forward(_x);
        }
    }

    [Fact]
    public void A_module_registered_before_its_first_call_within_the_pass_runs()
    {
        var model = new Lazy();
        Assert.Equal([4, 2], model.Forward(_x).Shape.Sizes);
        Assert.Equal([4, 2], model.Forward(_x).Shape.Sizes);
    }

    [Fact]
    public void A_frozen_teacher_runs_in_any_mode_and_is_not_learned()
    {
        var teacher = new Sequential(new Dense(2, 2), new Tanh(), new Dropout(0));
        teacher.Freeze();
        var model = new Student(teacher);
        foreach (bool training in new[] { true, false })
        {
            teacher.Train(training);
            EveryMode(model, () => model.Forward(_x));
            using var tape = Tape.Record();
            tape.Backward(model.Forward(_x).Sum());
        }

        Assert.All(teacher.Parameters(), parameter => Assert.Null(parameter.Gradient));
        Assert.All(model.Parameters(), parameter => Assert.NotNull(parameter.Gradient));
        Assert.DoesNotContain(teacher.Parameters()[0], model.Parameters());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_not_frozen_is_refused_in_every_mode(bool pauses)
    {
        var teacher = new Sequential(new Dense(2, 2), new Dropout(0.5f));
        var model = new Student(teacher, pauses);
        foreach (bool training in new[] { true, false })
        {
            teacher.Train(training);
            EveryMode(model, () => Refusal.Of<RegistrationException>(
                () => model.Forward(_x), "Sequential(Dense(2 -> 2), Dropout(0.5)) ran in", "Student", "freeze"));
            Assert.Throws<RegistrationException>(() => GradCheck.Verify(model, _x));
        }

        teacher.Freeze();
        EveryMode(model, () => model.Forward(_x));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_module_in_training_mode_that_asks_for_it_is_refused_in_every_mode(bool pauses)
    {
        Func<Module<Tensor, Tensor>>[] makers =
        [
            () => new Dropout(0.5f), () => new AlphaDropout(0.5f), () => new RReLU(), () => new BatchNorm1d(2),
            () => new BatchNorm1d(2, affine: false), () => new Sequential(new Dense(2, 2), new BatchNorm1d(2), new ReLU()),
            () => new Sequential(new Dense(2, 2), new Sequential(new Dropout(0.5f))),
        ];
        foreach (var make in makers)
        {
            var teacher = make();
            teacher.Freeze();
            float[] buffers = Buffers(teacher);
            var model = new Student(teacher, pauses);
            EveryMode(model, () => Refusal.Of<RegistrationException>(
                () => model.Forward(_x), "but Student does not list it", "Evaluate()"));
            Assert.Equal(buffers, Buffers(teacher));
            teacher.Evaluate();
            EveryMode(model, () => model.Forward(_x));
            Assert.Equal(buffers, Buffers(teacher));
        }

        static float[] Buffers(Module module) => [.. module.NamedBuffers().SelectMany(named => named.Buffer.ToArray())];
    }

    [Fact]
    public void A_mode_is_readable_outside_of_a_pass_and_in_hooks()
    {
        var teacher = new Sequential(new Dense(2, 2), new Dropout(0.5f));
        teacher.Freeze();
        teacher.Evaluate();
        var model = new Student(teacher);
        teacher[0].OnOutput((_, _, _) => Assert.True(model.IsTraining));
        model.Forward(_x);
        Assert.True(model.IsTraining);
        Assert.False(teacher.IsTraining);
    }

    [Fact]
    public void A_model_under_two_roots_in_turn_and_a_teacher_are_checked_without_making_anything()
    {
        var shared = new Sequential(new Dense(2, 2), new Dense(2, 2), new Dense(2, 2));
        Sequential first = new(shared), second = new(shared, new Identity());
        var teacher = new Sequential(new Dense(2, 2), new Dense(2, 2));
        teacher.Freeze();
        Student hidden = new(teacher), registered = new(teacher, isRegistered: true);
        Assert.Equal(Allocated(() => registered.Forward(_x)), Allocated(() => hidden.Forward(_x)));
        Assert.Equal(
            Allocated(() => Twice(first, first)) + Allocated(() => Twice(second, second)), 2 * Allocated(() => Twice(first, second)));
        void Twice(Sequential one, Sequential two)
        {
            one.Forward(_x);
            two.Forward(_x);
        }

        static long Allocated(Action pass)
        {
            for (int i = 0; i < 3; i++)
            {
                Run();
            }

            return AllocatedBytes.Of(Run);

            void Run()
            {
                using var scope = Tape.NoRecord();
                pass();
            }
        }
    }

    [Fact]
    public void A_root_that_is_gone_is_not_kept()
    {
        var shared = new Dense(2, 2);
        var root = Run(shared);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(root.IsAlive);
        GC.KeepAlive(shared);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        WeakReference Run(Dense layer)
        {
            var model = new Sequential(layer);
            model.Forward(_x);
            return new WeakReference(model);
        }
    }

    [Fact]
    public void A_module_that_is_apart_must_have_its_own_modules_registered()
    {
        var teacher = new Holder(new Dropout(0.5f));
        teacher.Evaluate();
        Refusal.Of<RegistrationException>(() => new Student(teacher).Forward(_x), "Dropout(0.5) ran in Holder", "Holder does not list");
    }

    [Fact]
    public void After_a_module_that_is_apart_the_check_goes_on_where_it_was()
    {
        var teacher = new Sequential(new Dense(2, 2));
        teacher.Freeze();
        var student = new Student(teacher);
        var model = new Sequential(student, new Dense(2, 2));
        using var tape = Tape.Record();
        Assert.Equal([4, 2], model.Forward(_x).Shape.Sizes);
        Assert.Equal("0.dense (Dense(2 -> 2))", Assert.Throws<ShapeException>(() => model.Forward(Tensor.Ones([4, 3]))).ModulePath);
    }

    [Fact]
    public void The_gradient_check_names_what_is_not_registered()
    {
        Refusal.Of<RegistrationException>(
            () => GradCheck.Verify(new Calling(new Dense(2, 2).Forward), _x), "Dense(2 -> 2) ran in Calling", "Child");
        var secret = new Parameter(Tensor.Ones([2]), "secret");
        foreach (bool isFrozen in new[] { false, true })
        {
            secret.IsFrozen = isFrozen;
            foreach (var function in new Func<Tensor, Tensor>[] { x => x * secret, x => secret + x })
            {
                var refusal = Refusal.Of<TensorException>(
                    () => GradCheck.Verify(new Calling(function), _x), "parameter 'secret' of shape [2], which Calling does not list",
                    "is on cpu", "(operand 0 of shape [4, 2]) on reference", "AddParameter", "Child");
                Assert.DoesNotContain("'operand", refusal.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_refusal_needs_what_is_refused_and_the_model()
    {
        var parameter = new Parameter(Tensor.Ones([2]));
        Assert.Throws<ArgumentNullException>("parameter", () => new RegistrationException(null!, "Add", "reader", new ReLU()));
        Assert.Throws<ArgumentNullException>("root", () => new RegistrationException(parameter, "Add", "reader", null!));
        Assert.Throws<ArgumentNullException>("module", () => new RegistrationException(null!, "caller", new ReLU()));
        Assert.Throws<ArgumentNullException>("root", () => new RegistrationException(new ReLU(), "caller", null!));
    }

    [Fact]
    public void The_gradient_check_names_what_a_frozen_teacher_has()
    {
        var teacher = new Sequential(new Dense(2, 2));
        teacher.Freeze();
        Refusal.Of<TensorException>(() => GradCheck.Verify(new Student(teacher), _x),
            "parameter '0.weight' of shape [2, 2], which Student does not list", "is on cpu", "on reference", "Child");
    }

    [Fact]
    public void A_tensor_of_a_closure_on_another_device_is_no_parameter()
    {
        var constant = Tensor.Ones([2]);
        Refusal.Of<TensorException>(() => GradCheck.Verify((Tensor x) => x * constant, _x),
            "operands on reference (operand 0 of shape [4, 2])", "cpu", "shape [2])");
    }

    /// <summary>Runs something in every way in which a model is called, the model in both of its modes.</summary>
    private static void EveryMode(Module model, Action action)
    {
        foreach (bool training in new[] { true, false })
        {
            model.Train(training);
            action();
            using (Tape.NoRecord())
            {
                action();
            }

            using (Tape.Record())
            {
                action();
            }

            using (Tape.Record())
            using (Tape.NoGrad())
            {
                action();
            }
        }
    }

    private sealed class Holder(Module<Tensor, Tensor> module) : Module<Tensor, Tensor>
    {
        protected override Tensor ForwardCore(Tensor input) => module.Forward(input);
    }

    private sealed class Calling(Func<Tensor, Tensor> function) : Module<Tensor, Tensor>
    {
        protected override Tensor ForwardCore(Tensor input) => function(input);
    }

    private sealed class Lazy : Module<Tensor, Tensor>
    {
        private Dense? _dense;

        protected override Tensor ForwardCore(Tensor input) =>
            (_dense ??= Child("dense", new Dense(input.Shape[1], 2))).Forward(input);
    }

    private sealed class Student : Module<Tensor, Tensor>
    {
        private readonly Module<Tensor, Tensor> _teacher;
        private readonly Dense _dense;
        private readonly bool _pauses;

        public Student(Module<Tensor, Tensor> teacher, bool pauses = false, bool isRegistered = false)
        {
            (_teacher, _dense, _pauses) = (teacher, Child("dense", new Dense(2, 2)), pauses);
            if (isRegistered)
            {
                Child("teacher", teacher);
            }
        }

        protected override Tensor ForwardCore(Tensor input)
        {
            var own = _dense.Forward(input);
            if (!_pauses)
            {
                return own - _teacher.Forward(input);
            }

            using (Tape.NoGrad())
            {
                input = _teacher.Forward(input);
            }

            return own - input;
        }
    }
}
