using TinyNet.Analysis;
using TinyNet.Layers;

namespace TinyNet.Examples;

/// <summary>An example whose saved network has attentions to look at: <c>analyze attention</c>.</summary>
internal interface IAttentive
{
    /// <summary>Where the attentions of a saved model look, on test data.</summary>
    AttentionView Attend(SavedModel saved);
}

/// <summary>Where attentions look.</summary>
/// <param name="Maps">A map for each attention, in the order of the network.</param>
/// <param name="About">What the maps are of.</param>
internal sealed record AttentionView(IReadOnlyList<AttentionMaps> Maps, string About)
{
    /// <summary>The maps of all attentions of a model.</summary>
    public static IReadOnlyList<AttentionMaps> MapsOf<TIn, TOut>(Module<TIn, TOut> model, TIn input) =>
    [
        .. model.NamedModules().Where(named => named.Module is MultiHeadAttention or SelfAttention)
            .Select(named => AttentionMaps.Of(model, named.Name, input)),
    ];
}
