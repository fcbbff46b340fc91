//! Points as discs on the graphics card: where they lie and what colours they have is sent when it changes, and a frame
//! only says where to look.

use std::sync::Arc;

use bytemuck::{Pod, Zeroable};
use eframe::egui_wgpu::{CallbackResources, CallbackTrait, ScreenDescriptor, wgpu};
use egui::{PaintCallbackInfo, Pos2, Rect, Vec2};
use rustc_hash::FxHashMap;

use super::placed::Placed;

/// Of the surface that the window draws on; pictures and tests draw on [`ELSEWHERE`].
pub struct TargetFormat(pub wgpu::TextureFormat);

const ELSEWHERE: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;

/// Red, green, blue and opacity, not multiplied.
pub type Colour = [u8; 4];

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
    pub placed: Arc<Placed>,
    /// Of each point.
    pub colours: Arc<Vec<Colour>>,
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

/// Places and colours apart: while points move, their colours stay. What was sent is held, so that what differs from it
/// is known by its address.
struct Sent {
    placed: Option<Arc<Placed>>,
    colours: Option<Arc<Vec<Colour>>>,
    /// As many places and colours as have room.
    room: usize,
    buffers: [wgpu::Buffer; 2],
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
            if clouds.0.get(&self.id).is_none_or(|sent| sent.room < self.count()) {
                clouds.0.insert(self.id, pipeline.room(device, self.count()));
            }
            if let Some(sent) = clouds.0.get_mut(&self.id) {
                if !is_same(sent.placed.as_ref(), &self.placed) {
                    queue.write_buffer(&sent.buffers[0], 0, bytemuck::cast_slice(&self.placed.at));
                    sent.placed = Some(self.placed.clone());
                }
                if !is_same(sent.colours.as_ref(), &self.colours) {
                    queue.write_buffer(&sent.buffers[1], 0, bytemuck::cast_slice(&self.colours));
                    sent.colours = Some(self.colours.clone());
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
            pass.set_vertex_buffer(0, sent.buffers[0].slice(..));
            pass.set_vertex_buffer(1, sent.buffers[1].slice(..));
            pass.draw(0..4, 0..self.count() as u32);
        }
    }
}

fn is_same<T>(sent: Option<&Arc<T>>, now: &Arc<T>) -> bool {
    sent.is_some_and(|sent| Arc::ptr_eq(sent, now))
}

impl Cloud {
    fn count(&self) -> usize {
        self.placed.at.len().min(self.colours.len())
    }

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
        let of_points = |bytes: usize, attributes| wgpu::VertexBufferLayout {
            array_stride: bytes as u64,
            step_mode: wgpu::VertexStepMode::Instance,
            attributes,
        };
        let places = of_points(size_of::<[f32; 2]>(), &wgpu::vertex_attr_array![0 => Float32x2]);
        let colours = of_points(size_of::<Colour>(), &wgpu::vertex_attr_array![1 => Unorm8x4]);
        let pipeline = device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
            label: Some("map"),
            layout: Some(&pipeline_layout),
            vertex: wgpu::VertexState {
                module: &shader,
                entry_point: Some("vertex"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                buffers: &[Some(places), Some(colours)],
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

    /// Buffers for so many points.
    fn room(&self, device: &wgpu::Device, points: usize) -> Sent {
        let room = points.max(1);
        let buffer = |size: usize, usage| {
            device.create_buffer(&wgpu::BufferDescriptor {
                label: Some("map"),
                size: size as u64,
                usage: usage | wgpu::BufferUsages::COPY_DST,
                mapped_at_creation: false,
            })
        };
        let of_points = |bytes: usize| buffer(room * bytes, wgpu::BufferUsages::VERTEX);
        let buffers = [size_of::<[f32; 2]>(), size_of::<Colour>()].map(of_points);
        let uniforms = buffer(size_of::<Uniforms>(), wgpu::BufferUsages::UNIFORM);
        let group = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("map"),
            layout: &self.layout,
            entries: &[wgpu::BindGroupEntry { binding: 0, resource: uniforms.as_entire_binding() }],
        });
        Sent { placed: None, colours: None, room, buffers, uniforms, group }
    }
}
