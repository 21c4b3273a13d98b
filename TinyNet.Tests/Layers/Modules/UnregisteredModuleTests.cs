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
                () => model.Forward(_x), $"{module} ran in 1 (Holder)", "Train(), Evaluate()", "Child", "in module 1 (Holder)");
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
        var teacher = new Sequential(new Dense(2, 2), new BatchNorm1d(2), new Dropout(0.5f));
        teacher.Freeze();
        var model = new Student(teacher);
        foreach (bool training in new[] { true, false })
        {
            teacher.Train(training);
            using var tape = Tape.Record();
            tape.Backward(model.Forward(_x).Sum());
        }

        Assert.All(teacher.Parameters(), parameter => Assert.Null(parameter.Gradient));
        Assert.All(model.Parameters(), parameter => Assert.NotNull(parameter.Gradient));
        Assert.DoesNotContain(teacher.Parameters()[0], model.Parameters());
    }

    [Fact]
    public void A_teacher_may_run_without_recording_or_in_evaluation_mode_where_nothing_is_recorded()
    {
        var teacher = new Sequential(new Dense(2, 2), new Dropout(0.5f));
        var model = new Student(teacher, pauses: true);
        using (var tape = Tape.Record())
        {
            tape.Backward(model.Forward(_x).Sum());
        }

        teacher.Evaluate();
        using (Tape.NoRecord())
        {
            model.Forward(_x);
        }

        model = new Student(teacher);
        using (Tape.NoRecord())
        {
            model.Forward(_x);
        }

        // Recorded and not frozen, it would learn.
        using var recording = Tape.Record();
        Refusal.Of<RegistrationException>(() => model.Forward(_x), "Sequential(Dense(2 -> 2), Dropout(0.5)) ran in", "Student", "freeze");
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
        Refusal.Of<TensorException>(
            () => GradCheck.Verify(new Calling(x => x * secret), _x), "parameter 'secret' of shape [2]", "AddParameter", "Calling");
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

        public Student(Module<Tensor, Tensor> teacher, bool pauses = false) =>
            (_teacher, _dense, _pauses) = (teacher, Child("dense", new Dense(2, 2)), pauses);

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
