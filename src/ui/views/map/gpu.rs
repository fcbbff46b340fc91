//! Points as discs on the graphics card: what they are is sent when it changes, and a frame only says where to look.

use std::sync::Arc;

use bytemuck::{Pod, Zeroable};
use eframe::egui_wgpu::{CallbackResources, CallbackTrait, ScreenDescriptor, wgpu};
use egui::{Color32, PaintCallbackInfo, Pos2, Rect, Vec2};
use rustc_hash::FxHashMap;

/// Of the surface that the window draws on; pictures and tests draw on [`ELSEWHERE`].
pub struct TargetFormat(pub wgpu::TextureFormat);

const ELSEWHERE: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;

/// A point in the plane of the map.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Pod, Zeroable)]
pub struct Instance {
    pub at: [f32; 2],
    /// Red, green, blue and opacity, not multiplied.
    pub colour: [u8; 4],
}

impl Instance {
    pub fn new(at: [f32; 2], colour: Color32) -> Self {
        Self { at, colour: colour.to_srgba_unmultiplied() }
    }
}

#[repr(C)]
#[derive(Debug, Clone, Copy, Pod, Zeroable)]
struct Uniforms {
    scale: [f32; 2],
    offset: [f32; 2],
    radius: [f32; 2],
    radius_px: f32,
    is_linear: f32,
}

/// All points of one map, as they are seen in this frame.
pub struct Cloud {
    /// Tells the map from others in the window.
    pub id: u64,
    /// Another number stands for other instances.
    pub revision: u64,
    pub instances: Arc<Vec<Instance>>,
    /// What the middle of `rect` shows, and how many points a unit of the plane takes.
    pub centre: Pos2,
    pub zoom: f32,
    pub rect: Rect,
    pub radius: f32,
}

struct Pipeline {
    pipeline: wgpu::RenderPipeline,
    layout: wgpu::BindGroupLayout,
    is_linear: bool,
}

struct Sent {
    revision: u64,
    instances: wgpu::Buffer,
    count: u32,
    uniforms: wgpu::Buffer,
    group: wgpu::BindGroup,
}

#[derive(Default)]
struct SentClouds(FxHashMap<u64, Sent>);

impl CallbackTrait for Cloud {
    fn prepare(
        &self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        screen: &ScreenDescriptor,
        _encoder: &mut wgpu::CommandEncoder,
        resources: &mut CallbackResources,
    ) -> Vec<wgpu::CommandBuffer> {
        if !resources.contains::<Pipeline>() {
            let format = resources.get::<TargetFormat>().map_or(ELSEWHERE, |format| format.0);
            resources.insert(Pipeline::new(device, format));
        }
        let mut clouds = resources.remove::<SentClouds>().unwrap_or_default();
        if let Some(pipeline) = resources.get::<Pipeline>() {
            let bytes: &[u8] = bytemuck::cast_slice(&self.instances);
            let fits = |sent: &Sent| sent.instances.size() >= bytes.len() as u64;
            let is_known = clouds.0.get(&self.id).is_some_and(fits);
            if !is_known {
                clouds.0.insert(self.id, pipeline.room(device, bytes.len() as u64));
            }
            if let Some(sent) = clouds.0.get_mut(&self.id) {
                if !is_known || sent.revision != self.revision {
                    queue.write_buffer(&sent.instances, 0, bytes);
                    (sent.revision, sent.count) = (self.revision, self.instances.len() as u32);
                }
                let uniforms = self.uniforms(screen.pixels_per_point, pipeline.is_linear);
                queue.write_buffer(&sent.uniforms, 0, bytemuck::bytes_of(&uniforms));
            }
        }
        resources.insert(clouds);
        Vec::new()
    }

    fn paint(&self, _info: PaintCallbackInfo, pass: &mut wgpu::RenderPass<'static>, resources: &CallbackResources) {
        let (Some(pipeline), Some(clouds)) = (resources.get::<Pipeline>(), resources.get::<SentClouds>()) else {
            return;
        };
        if let Some(sent) = clouds.0.get(&self.id) {
            pass.set_pipeline(&pipeline.pipeline);
            pass.set_bind_group(0, &sent.group, &[]);
            pass.set_vertex_buffer(0, sent.instances.slice(..));
            pass.draw(0..4, 0..sent.count);
        }
    }
}

impl Cloud {
    fn uniforms(&self, pixels_per_point: f32, is_linear: bool) -> Uniforms {
        let half = self.rect.size() / 2.0;
        // Upwards is positive there.
        let scale = Vec2::new(self.zoom / half.x, -self.zoom / half.y);
        let offset = Vec2::new(-self.centre.x * scale.x, -self.centre.y * scale.y);
        let radius_px = self.radius * pixels_per_point + 0.5;
        let radius = radius_px / pixels_per_point;
        Uniforms {
            scale: scale.into(),
            offset: offset.into(),
            radius: [radius / half.x, radius / half.y],
            radius_px,
            is_linear: f32::from(u8::from(is_linear)),
        }
    }
}

const SHADER: &str = "
struct Uniforms { scale: vec2<f32>, offset: vec2<f32>, radius: vec2<f32>, radius_px: f32, is_linear: f32 };
@group(0) @binding(0) var<uniform> uniforms: Uniforms;

struct Corner {
    @builtin(position) at: vec4<f32>,
    @location(0) corner: vec2<f32>,
    @location(1) colour: vec4<f32>,
};

@vertex
fn vertex(@builtin(vertex_index) number: u32, @location(0) at: vec2<f32>, @location(1) colour: vec4<f32>) -> Corner {
    let corner = vec2<f32>(f32(number & 1u) * 2.0 - 1.0, f32(number >> 1u) * 2.0 - 1.0);
    var out: Corner;
    out.at = vec4<f32>(at * uniforms.scale + uniforms.offset + corner * uniforms.radius, 0.0, 1.0);
    out.corner = corner;
    out.colour = colour;
    return out;
}

@fragment
fn fragment(in: Corner) -> @location(0) vec4<f32> {
    let inside = uniforms.radius_px * (1.0 - length(in.corner));
    let opacity = clamp(inside, 0.0, 1.0) * in.colour.a;
    if opacity <= 0.0 { discard; }
    var colour = in.colour.rgb;
    if uniforms.is_linear > 0.5 { colour = pow(colour, vec3<f32>(2.2)); }
    return vec4<f32>(colour * opacity, opacity);
}
";

impl Pipeline {
    fn new(device: &wgpu::Device, format: wgpu::TextureFormat) -> Self {
        let shader = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some("map"),
            source: wgpu::ShaderSource::Wgsl(SHADER.into()),
        });
        let layout = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some("map"),
            entries: &[wgpu::BindGroupLayoutEntry {
                binding: 0,
                visibility: wgpu::ShaderStages::VERTEX_FRAGMENT,
                ty: wgpu::BindingType::Buffer {
                    ty: wgpu::BufferBindingType::Uniform,
                    has_dynamic_offset: false,
                    min_binding_size: None,
                },
                count: None,
            }],
        });
        let pipeline_layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some("map"),
            bind_group_layouts: &[Some(&layout)],
            immediate_size: 0,
        });
        let instance = wgpu::VertexBufferLayout {
            array_stride: size_of::<Instance>() as u64,
            step_mode: wgpu::VertexStepMode::Instance,
            attributes: &wgpu::vertex_attr_array![0 => Float32x2, 1 => Unorm8x4],
        };
        let pipeline = device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
            label: Some("map"),
            layout: Some(&pipeline_layout),
            vertex: wgpu::VertexState {
                module: &shader,
                entry_point: Some("vertex"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                buffers: &[Some(instance)],
            },
            primitive: wgpu::PrimitiveState {
                topology: wgpu::PrimitiveTopology::TriangleStrip,
                ..wgpu::PrimitiveState::default()
            },
            depth_stencil: None,
            multisample: wgpu::MultisampleState::default(),
            fragment: Some(wgpu::FragmentState {
                module: &shader,
                entry_point: Some("fragment"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                targets: &[Some(wgpu::ColorTargetState {
                    format,
                    blend: Some(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING),
                    write_mask: wgpu::ColorWrites::ALL,
                })],
            }),
            multiview_mask: None,
            cache: None,
        });
        Self { pipeline, layout, is_linear: format.is_srgb() }
    }

    /// Buffers for instances of so many bytes.
    fn room(&self, device: &wgpu::Device, bytes: u64) -> Sent {
        let buffer = |size: u64, usage| {
            device.create_buffer(&wgpu::BufferDescriptor {
                label: Some("map"),
                size,
                usage: usage | wgpu::BufferUsages::COPY_DST,
                mapped_at_creation: false,
            })
        };
        let instances = buffer(bytes.max(size_of::<Instance>() as u64), wgpu::BufferUsages::VERTEX);
        let uniforms = buffer(size_of::<Uniforms>() as u64, wgpu::BufferUsages::UNIFORM);
        let group = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("map"),
            layout: &self.layout,
            entries: &[wgpu::BindGroupEntry { binding: 0, resource: uniforms.as_entire_binding() }],
        });
        Sent { revision: 0, instances, count: 0, uniforms, group }
    }
}
